package dev.kumiko.app.simulator;

import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.compute.libvirt.MigrationOrder;
import dev.kumiko.compute.libvirt.Transfer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Guests on their way between hosts: they arrive, or do not, whether or not an operator runs. */
final class Moves {
  private static final long MEBIBYTE = 1 << 20;

  private final Site site;
  private final List<Move> underWay = new ArrayList<>();
  private final List<Leftover> leftovers = new ArrayList<>();
  private final Map<Departure, String> failures = new HashMap<>();

  private final Set<Copy> waiting = new HashSet<>();
  private final Set<Copy> old = new HashSet<>();

  Moves(Site site) {
    this.site = site;
  }

  private record Departure(Metal from, UUID guest) {}

  /** All of a guest, where it has come from another host. */
  private record Copy(Metal from, Metal to, UUID guest) {
    boolean isAt(Metal at, UUID which) {
      return to.equals(at) && guest.equals(which);
    }
  }

  /** A domain that stands still where its guest will not come. */
  private record Leftover(Metal at, UUID guest) {}

  void begin(Metal from, UUID guest, MigrationOrder order) {
    if (find(from, guest).isPresent()) {
      return;
    }
    Departure departure = new Departure(from, guest);
    failures.remove(departure);
    Metal to = site.metal(order.to());
    Guest leaving = from.guest(guest).orElseThrow();
    if (!to.isManageable() || !to.reachesStorage() || isActive(to, guest)) {
      failures.put(departure, "host " + to.name + " does not take it");
      return;
    }
    isNew(to, guest);
    to.domains.expect(leaving);
    underWay.add(new Move(from, to, guest, order.epoch()));
  }

  Transfer of(Metal from, UUID guest) {
    return find(from, guest)
        .<Transfer>map(move ->
            new Transfer.Ongoing(
                new Transfer.Progress(
                    move.steps * MEBIBYTE,
                    (Move.STEPS - move.steps) * MEBIBYTE,
                    Move.STEPS * MEBIBYTE,
                    1,
                    move.isHandedOver,
                    Duration.ZERO),
                move.isGivenUp,
                false))
        .orElseGet(
            () -> new Transfer.None(Optional.ofNullable(failures.get(new Departure(from, guest)))));
  }

  void abort(Metal from, UUID guest) {
    find(from, guest).ifPresent(move -> move.isGivenUp = true);
  }

  List<Move> underWay() {
    return List.copyOf(underWay);
  }

  private Optional<Move> find(Metal from, UUID guest) {
    return underWay.stream().filter(m -> m.from.equals(from) && m.guest.equals(guest)).findFirst();
  }

  /** Half a second goes by. */
  void pass() {
    failures.keySet().removeIf(d -> !d.from().hasDaemon());
    underWay().forEach(this::pass);
    leftovers.removeIf(this::isCleared);
  }

  private void pass(Move move) {
    if (move.isHandedOver) {
      leave(move);
    } else {
      move.obstacle(site.now()).ifPresentOrElse(why -> end(move, why), () -> goOn(move));
    }
  }

  /** A source that does not hear that its guest has come goes on with it. */
  private void leave(Move move) {
    boolean isStill = move.from.runs() && move.from.hasDaemon();
    if (isStill && isActive(move.from, move.guest)) {
      if (move.isConnected()) {
        move.from.domains.drop(move.guest);
      } else {
        move.from.domains.become(move.guest, GuestState.RUNNING);
        failures.put(new Departure(move.from, move.guest), "the answer of the target was lost");
        goesOn(move.from, move.guest);
      }
    }
    if (isStill || !isActive(move.from, move.guest) || !move.from.hasDaemon()) {
      underWay.remove(move);
    }
  }

  /** A domain that is started, or comes. */
  void isNew(Metal at, UUID guest) {
    waiting.removeIf(copy -> copy.isAt(at, guest));
    old.removeIf(copy -> copy.isAt(at, guest));
  }

  /** Whatever waits of it elsewhere is old from now on. */
  void goesOn(Metal at, UUID guest) {
    waiting.stream()
        .filter(copy -> copy.guest().equals(guest) && copy.from().equals(at))
        .forEach(old::add);
  }

  /** Whether a domain is what a guest was before it went on elsewhere. */
  boolean isOld(Metal at, UUID guest) {
    return old.stream().anyMatch(copy -> copy.isAt(at, guest));
  }

  private void goOn(Move move) {
    if (move.isConnected()) {
      move.steps++;
    }
    if (move.steps == Move.STEPS) {
      Guest arriving = move.from.guest(move.guest).orElseThrow();
      move.isHandedOver = true;
      move.from.domains.become(move.guest, GuestState.HELD);
      move.to.domains.takeOver(arriving, site.sabotage() == Sabotage.ARRIVED_AT_ONCE);
      waiting.add(new Copy(move.from, move.to, move.guest));
      site.movingInvariants().handedOver(move);
    }
  }

  private void end(Move move, String why) {
    underWay.remove(move);
    if (move.from.hasDaemon()) {
      failures.put(new Departure(move.from, move.guest), why);
    }
    leftovers.add(new Leftover(move.to, move.guest));
  }

  /** QEMU ends by itself when what comes in breaks off ("load of migration failed", 7.2). */
  private boolean isCleared(Leftover leftover) {
    Metal at = leftover.at();
    Optional<Guest> domain =
        at.guest(leftover.guest())
            .filter(g -> g.state() == GuestState.HELD && g.definition().isEmpty());
    if (domain.isPresent() && at.runs()) {
      at.domains.drop(leftover.guest());
      return true;
    }
    return domain.isEmpty();
  }

  private static boolean isActive(Metal metal, UUID guest) {
    return metal.guest(guest).map(Guest::state).filter(GuestState::isActive).isPresent();
  }
}
