package dev.kumiko.compute.host;

import dev.kumiko.compute.Dial;
import dev.kumiko.compute.libvirt.InMemoryHosts;
import dev.kumiko.compute.power.PowerSwitch;
import dev.kumiko.compute.verdict.Policy;
import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.v1alpha1.Host;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** One host that can be reached with the certificate of a Secret. */
final class HostWorld implements Scenario<Host> {
  static final String SYSTEM = "kumiko-system";
  final Dial clock = new Dial();
  final InMemoryCluster cluster = new InMemoryCluster(clock);
  final InMemoryHosts hosts = new InMemoryHosts();

  /** How a host that was given up is switched off. */
  PowerSwitch power = (host, isWanted) -> false;

  /** Where that is done. */
  Executor beside = Runnable::run;

  /** Called before each action is done. */
  Consumer<Action> before = action -> {};

  HostWorld() {
    secret("one");
  }

  void secret(String key) {
    cluster.apply(
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(SYSTEM)
            .withName("libvirt-tls")
            .endMetadata()
            .withData(
                Map.of("ca.crt", encoded("ca"), "tls.crt", encoded("crt"), "tls.key", encoded(key)))
            .build());
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public InMemoryCluster cluster() {
    return cluster;
  }

  @Override
  public Kind<Host, ?, ?, ?> kind() {
    HostKind kind = new HostKind(cluster, hosts, SYSTEM, Policy.DEFAULT, clock);
    kind.switchOffWith(power, beside);
    return kind;
  }

  @Override
  public Host resource() {
    Host host = new Host();
    host.setMetadata(new ObjectMetaBuilder().withName("h1").build());
    host.setSpec(
        new Host.Spec(
            new Host.Connection("qemu+tls://10.77.0.11/system", "libvirt-tls"),
            Host.Mode.Active,
            new Host.Resources(null, "12Gi"),
            new Host.Resources(1, "2Gi"),
            new Host.Overcommit(200, 150),
            List.of("10.78.0.11"),
            null,
            List.of()));
    return host;
  }

  /** Which machine it is, is seen when it answers. */
  @Override
  public boolean isUnforeseen(String action) {
    return action.startsWith("record ") || action.startsWith("use ");
  }

  @Override
  public List<String> endpoints() {
    return List.of("libvirt/h1");
  }

  @Override
  public void fail(String endpoint) {
    hosts.host("h1").reachable(false);
  }

  @Override
  public void heal(String endpoint) {
    hosts.host("h1").reachable(true);
  }

  @Override
  public Object world() {
    return hosts.target("h1").map(t -> t.uri()).orElse("");
  }

  @Override
  public Object emptyWorld() {
    return "";
  }
}
