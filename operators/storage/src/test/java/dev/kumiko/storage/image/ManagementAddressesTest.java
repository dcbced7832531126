package dev.kumiko.storage.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.storage.Examples;
import dev.kumiko.v1alpha1.Fabric;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ManagementAddressesTest {
  private static final Map<String, String> NAMES = Map.of("api.example.org", "198.51.100.7");
  private final InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());
  private final ManagementAddresses management =
      new ManagementAddresses(
          cluster, ManagementAddressesTest::resolve, List.of("api.example.org", "192.0.2.0/25"));

  ManagementAddressesTest() {
    cluster.create(Examples.host("h1", "203.0.113.11"));
    cluster.create(Examples.pool());
    Fabric fabric = new Fabric();
    fabric.setMetadata(new ObjectMetaBuilder().withName("main").build());
    fabric.setSpec(
        new Fabric.Spec(
            new Fabric.Ovn(
                "ssl:203.0.113.1:6641,ssl:203.0.113.2:6641", "ssl:[2001:db9::1]:6642", null, "p"),
            List.of()));
    cluster.create(fabric);
  }

  private static List<InetAddress> resolve(String name) throws UnknownHostException {
    if (!NAMES.containsKey(name)) {
      throw new UnknownHostException(name);
    }
    return List.of(InetAddress.ofLiteral(NAMES.get(name)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "203.0.113.11",
        "203.0.113.1",
        "203.0.113.2",
        "2001:db9::1",
        "64:ff9b::203.0.113.11",
        "198.51.100.7",
        "192.0.2.127"
      })
  void belongToThePlatform(String address) {
    assertThat(management.test(InetAddress.ofLiteral(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"203.0.113.12", "192.0.2.128", "198.51.100.8", "2001:db9::2"})
  void areNotOthers(String address) {
    assertThat(management.test(InetAddress.ofLiteral(address))).isFalse();
  }

  @org.junit.jupiter.api.Test
  void monitorsBelongToThePlatform() {
    String monitor = Examples.pool().getSpec().monitors().getFirst();
    String address = monitor.substring(0, monitor.lastIndexOf(':'));
    assertThat(management.test(InetAddress.ofLiteral(address))).isTrue();
  }
}
