package dev.kumiko.compute.power;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Switches hosts off, each with the power controllers that its Host names. */
public final class PowerControllers implements PowerSwitch, AutoCloseable {
  private final PowerAccounts accounts;
  private final Opener opener;
  private final Cluster cluster;
  private final Map<Key, PowerController> open = new ConcurrentHashMap<>();

  /** Makes a power controller known; MUST NOT ask it yet. */
  public interface Opener {
    PowerController open(PowerAddress address, PowerLogin login);
  }

  private record Key(PowerAddress address, PowerLogin login) {}

  /**
   * @param namespace the operators' own, where the Secrets are
   */
  public PowerControllers(Cluster cluster, String namespace, Opener opener) {
    this.cluster = cluster;
    this.accounts = new PowerAccounts(cluster, namespace);
    this.opener = opener;
  }

  /** Whether the Host names a power controller at all. */
  public static boolean isNamedBy(Host host) {
    return !asked(host).isEmpty();
  }

  /**
   * The power controllers of the Host are tried in order until one accepts, each only while the
   * host is still given up. Without one nothing is done.
   */
  @Override
  public boolean off(Host host, BooleanSupplier isWanted) {
    String name = host.getMetadata().getName();
    List<RuntimeException> failures = new ArrayList<>();
    List<Key> tried = new ArrayList<>();
    boolean isAccepted =
        asked(host).stream()
            .takeWhile(_ -> isGivenUp(name) && isWanted.getAsBoolean())
            .anyMatch(redfish -> isAccepted(name, redfish, tried, failures));
    closeAll(key -> key.address().host().equals(name) && !tried.contains(key));
    if (!isAccepted && !failures.isEmpty()) {
      throw failure(name, failures);
    }
    return isAccepted;
  }

  /** Past every cache: one that was let in meanwhile has new guests. */
  private boolean isGivenUp(String host) {
    return cluster.fresh(Fence.class, "", host).filter(Fence::isShut).isPresent();
  }

  private boolean isAccepted(
      String host, Host.Redfish redfish, List<Key> tried, List<RuntimeException> failures) {
    try {
      Key key = new Key(PowerAddress.of(host, redfish), accounts.login(redfish.secret()));
      tried.add(key);
      controller(key).off();
      return true;
    } catch (Unavailable | Rejection e) {
      failures.add(e);
      return false;
    }
  }

  private static List<Host.Redfish> asked(Host host) {
    return host.getSpec().fencing().stream()
        .filter(f -> f.method() == Host.FencingMethod.Redfish)
        .map(Host.Fencing::redfish)
        .filter(Objects::nonNull)
        .toList();
  }

  /** Kept, so that one that was silent a moment ago is not waited for again. */
  private PowerController controller(Key key) {
    return open.computeIfAbsent(key, k -> opener.open(k.address(), k.login()));
  }

  private static RuntimeException failure(String host, List<RuntimeException> failures) {
    String message =
        "the power of host %s is not switched off: %s"
            .formatted(
                host,
                failures.stream()
                    .map(RuntimeException::getMessage)
                    .collect(Collectors.joining("; ")));
    Optional<RuntimeException> passing =
        failures.stream().filter(Unavailable.class::isInstance).findFirst();
    return passing.isPresent()
        ? Unavailable.because("PowerOffFailed", "redfish/" + host, message, passing.get())
        : new Rejection("PowerOffFailed", message);
  }

  /** The Host is gone. */
  public void forget(String host) {
    closeAll(key -> key.address().host().equals(host));
  }

  private void closeAll(Predicate<Key> which) {
    for (Key key : List.copyOf(open.keySet())) {
      if (which.test(key)) {
        Optional.ofNullable(open.remove(key)).ifPresent(PowerController::close);
      }
    }
  }

  @Override
  public void close() {
    closeAll(key -> true);
  }
}
