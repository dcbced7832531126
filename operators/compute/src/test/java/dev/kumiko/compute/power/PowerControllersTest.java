package dev.kumiko.compute.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Host;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PowerControllersTest {
  private static final String SYSTEM = "kumiko-system";
  private final InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());
  private final InMemoryBmc first = new InMemoryBmc(new PowerLogin("root", "one horse"));
  private final InMemoryBmc second = new InMemoryBmc(new PowerLogin("root", "two horses"));
  private final List<String> opened = new ArrayList<>();
  private final PowerControllers controllers =
      new PowerControllers(
          cluster,
          SYSTEM,
          (address, login) -> {
            opened.add(address.url());
            return (address.url().equals("https://10.0.9.1") ? first : second).open(address, login);
          });

  PowerControllersTest() {
    first.on("sys-1");
    second.on("sys-2");
    secret("bmc-1", Map.of("username", "root", "password", "one horse"));
    secret("bmc-2", Map.of("username", "root", "password", "two horses\n"));
    fence(false);
  }

  private void fence(boolean isReleased) {
    Fence fence = new Fence();
    fence.setMetadata(new ObjectMetaBuilder().withName("h1").build());
    fence.setSpec(new Fence.Spec(Fence.Stage.GivenUp, List.of(), isReleased, null, null, "silent"));
    cluster.apply(fence);
  }

  private void secret(String name, Map<String, String> content) {
    cluster.apply(
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(SYSTEM)
            .withName(name)
            .endMetadata()
            .withData(encoded(content))
            .build());
  }

  private static Map<String, String> encoded(Map<String, String> content) {
    return content.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                e ->
                    Base64.getEncoder()
                        .encodeToString(e.getValue().getBytes(StandardCharsets.UTF_8))));
  }

  private static Host host(int... controllers) {
    Host host = new Host();
    host.setMetadata(new ObjectMetaBuilder().withName("h1").build());
    Stream<Host.Fencing> redfish =
        Arrays.stream(controllers)
            .mapToObj(n -> new Host.Redfish("https://10.0.9." + n, "sys-" + n, "bmc-" + n, null))
            .map(r -> new Host.Fencing(Host.FencingMethod.Redfish, r));
    host.setSpec(
        new Host.Spec(
            new Host.Connection("test:///default", null),
            Host.Mode.Active,
            null,
            null,
            null,
            List.of(),
            null,
            Stream.concat(Stream.of(new Host.Fencing(Host.FencingMethod.Storage, null)), redfish)
                .toList()));
    return host;
  }

  private boolean off(Host host) {
    return controllers.off(host, () -> true);
  }

  @Test
  void aHostWithoutAPowerControllerIsLeftToStorage() {
    off(host());
    assertThat(opened).isEmpty();
    assertThat(PowerControllers.isNamedBy(host())).isFalse();
    assertThat(PowerControllers.isNamedBy(host(1))).isTrue();
  }

  @Test
  void theFirstThatAcceptsIsEnough() {
    assertThat(off(host(1, 2))).isTrue();
    assertThat(first.systems).containsEntry("sys-1", PowerState.OFF);
    assertThat(second.asked()).isEmpty();
  }

  @Test
  void theyAreTriedInTheOrderOfTheHost() {
    off(host(2, 1));
    assertThat(second.systems).containsEntry("sys-2", PowerState.OFF);
    assertThat(first.asked()).isEmpty();
  }

  @Test
  void theNextIsTriedWhenOneIsSilent() {
    first.reachable(false);
    off(host(1, 2));
    assertThat(second.systems).containsEntry("sys-2", PowerState.OFF);
  }

  @Test
  void theNextIsTriedWhenASecretIsMissingOrIncomplete() {
    secret("bmc-1", Map.of("username", "root"));
    off(host(3, 1, 2));
    assertThat(second.systems).containsEntry("sys-2", PowerState.OFF);
    assertThat(first.asked()).isEmpty();
  }

  @Test
  void whenNoneAcceptsTheReasonSaysWhyForEach() {
    first.reachable(false);
    secret("bmc-2", Map.of("username", "root", "password", "no horse"));
    assertThatThrownBy(() -> off(host(1, 2)))
        .isInstanceOfSatisfying(
            Unavailable.class,
            e -> {
              assertThat(e.reason()).isEqualTo("PowerOffFailed");
              assertThat(e.endpoint()).isEqualTo("redfish/h1");
            })
        .hasMessageContaining("https://10.0.9.1 does not answer")
        .hasMessageContaining("https://10.0.9.2 refuses the account")
        .hasMessageNotContaining("horse");
  }

  @Test
  void whatOnlyTheUserCanMendIsRejected() {
    assertThatThrownBy(() -> off(host(3)))
        .isInstanceOfSatisfying(
            Rejection.class, r -> assertThat(r.reason()).isEqualTo("PowerOffFailed"))
        .hasMessageContaining("Secret kumiko-system/bmc-3 does not exist");
  }

  @Test
  void aControllerIsKeptUntilItsAccountChangesOrItsHostIsForgotten() {
    off(host(1));
    off(host(1));
    assertThat(opened).hasSize(1);
    secret("bmc-1", Map.of("username", "root", "password", "other horse"));
    assertThatThrownBy(() -> off(host(1))).isInstanceOf(Rejection.class);
    assertThat(opened).hasSize(2);
    secret("bmc-1", Map.of("username", "root", "password", "one horse"));
    assertThatCode(() -> off(host(1))).doesNotThrowAnyException();
    assertThat(opened).hasSize(3);
    controllers.forget("h1");
    off(host(1));
    assertThat(opened).hasSize(4);
  }

  /** While the first one was waited for. */
  @Test
  void aHostThatWasLetInIsNotSwitchedOff() {
    fence(true);
    assertThat(off(host(1, 2))).isFalse();
    assertThat(first.asked()).isEmpty();
    assertThat(second.asked()).isEmpty();
  }

  /** The first did not answer for seconds. */
  @Test
  void aHostThatIsHeardMeanwhileIsNotSwitchedOff() {
    first.reachable(false);
    assertThatThrownBy(() -> controllers.off(host(1, 2), () -> first.asked().isEmpty()))
        .hasMessageContaining("https://10.0.9.1 does not answer");
    assertThat(controllers.off(host(2), () -> false)).isFalse();
    assertThat(second.asked()).isEmpty();
  }

  @Test
  void aLoginDoesNotTellItsPassword() {
    assertThat(new PowerLogin("root", "one horse").toString()).doesNotContain("horse");
  }
}
