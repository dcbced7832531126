package dev.kumiko.network.address;

import dev.kumiko.v1alpha1.Network;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/**
 * The addresses that a Network hands out: its ranges, or the whole prefix, without the network's
 * own, the broadcast, the gateway, the source of probes and what is reserved.
 */
public final class AddressPool {
  /** From and to, both included. */
  public record Span(long from, long to) {
    long size() {
      return to - from + 1;
    }

    boolean contains(long address) {
      return from <= address && address <= to;
    }
  }

  private final Prefix prefix;
  private final long gateway;
  private final long prober;
  private final List<Span> spans;
  private final Set<Long> reserved;

  /**
   * @param prober where probes come from
   * @param ranges where addresses are taken from; empty: everywhere
   */
  public AddressPool(
      Prefix prefix, long gateway, long prober, List<Span> ranges, Set<Long> reserved) {
    this.prefix = prefix;
    this.gateway = gateway;
    this.prober = prober;
    this.reserved = Set.copyOf(reserved);
    this.spans =
        ranges.isEmpty() ? List.of(new Span(prefix.first(), prefix.last())) : merged(ranges);
  }

  /**
   * The pool of a Network's subnet.
   *
   * @param known where probes come from, once that is settled
   */
  public static AddressPool of(Network.Subnet subnet, Optional<Long> known) {
    Prefix prefix = Prefix.of(subnet.cidr());
    return new AddressPool(
        prefix,
        gateway(subnet),
        known.or(() -> prober(subnet, address -> false)).orElse(prefix.last()),
        subnet.ranges().stream()
            .map(range -> new Span(Prefix.number(range.from()), Prefix.number(range.to())))
            .toList(),
        subnet.reserved().stream().map(Prefix::number).collect(Collectors.toUnmodifiableSet()));
  }

  /** The router's address: the one asked for, or the first of the prefix. */
  public static long gateway(Network.Subnet subnet) {
    return Optional.ofNullable(subnet.gateway())
        .map(Prefix::number)
        .orElseGet(() -> Prefix.of(subnet.cidr()).first() + 1);
  }

  /** Where probes may come from: the last usable address that the spec gives to nobody. */
  public static Optional<Long> prober(Network.Subnet subnet, LongPredicate taken) {
    Prefix prefix = Prefix.of(subnet.cidr());
    for (long address = prefix.last() - 1; address > prefix.first(); address--) {
      if (isUnused(subnet, address) && !taken.test(address)) {
        return Optional.of(address);
      }
    }
    return Optional.empty();
  }

  /** Whether the spec gives the address to nobody. */
  public static boolean isUnused(Network.Subnet subnet, long address) {
    String text = Prefix.text(address);
    return address != gateway(subnet)
        && !subnet.reserved().contains(text)
        && !subnet.dns().contains(text)
        && subnet.routes().stream().noneMatch(route -> route.via().equals(text));
  }

  private static List<Span> merged(List<Span> ranges) {
    List<Span> result = new ArrayList<>();
    List<Span> forwards =
        ranges.stream()
            .filter(span -> span.from() <= span.to())
            .sorted(Comparator.comparingLong(Span::from))
            .toList();
    for (Span span : forwards) {
      if (!result.isEmpty() && result.getLast().to() >= span.from() - 1) {
        Span last = result.removeLast();
        result.add(new Span(last.from(), Math.max(last.to(), span.to())));
      } else {
        result.add(span);
      }
    }
    return List.copyOf(result);
  }

  public Prefix prefix() {
    return prefix;
  }

  public long gateway() {
    return gateway;
  }

  /** Where probes of guests come from. */
  public long prober() {
    return prober;
  }

  /** How many addresses there are to hand out. */
  public long size() {
    Set<Long> held = new HashSet<>(reserved);
    held.addAll(List.of(prefix.first(), prefix.last(), gateway, prober));
    long all = spans.stream().mapToLong(Span::size).sum();
    return all - held.stream().filter(this::isInSpan).count();
  }

  private boolean isInSpan(long address) {
    return spans.stream().anyMatch(span -> span.contains(address));
  }

  /** Why a guest must not have this address; empty when it may. */
  public Optional<String> objection(long address) {
    if (!prefix.contains(address)) {
      return Optional.of("is not in " + prefix);
    }
    if (address == prefix.first() || address == prefix.last()) {
      return Optional.of("is the network's own or its broadcast address");
    }
    if (address == gateway) {
      return Optional.of("is the gateway");
    }
    if (address == prober) {
      return Optional.of("is where probes come from");
    }
    return reserved.contains(address)
        ? Optional.of("is reserved by the Network")
        : Optional.empty();
  }

  /**
   * A free address, found from a place that the seed chooses, so that many who choose at once
   * rarely choose the same.
   */
  public Optional<Long> free(int seed, LongPredicate taken) {
    long all = spans.stream().mapToLong(Span::size).sum();
    long start = all == 0 ? 0 : Math.floorMod((long) seed, all);
    for (long step = 0; step < all; step++) {
      long address = at((start + step) % all);
      if (objection(address).isEmpty() && !taken.test(address)) {
        return Optional.of(address);
      }
    }
    return Optional.empty();
  }

  private long at(long position) {
    long left = position;
    for (Span span : spans) {
      if (left < span.size()) {
        return span.from() + left;
      }
      left -= span.size();
    }
    throw new IndexOutOfBoundsException("position " + position + " is outside the pool");
  }
}
