package dev.kumiko.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class MainTest {
  private static Settings settings(Map<String, String> environment, String... arguments) {
    Main main = new Main(environment);
    new CommandLine(main).parseArgs(arguments);
    return main.settings();
  }

  @Test
  void runsAllKindsInTheSystemNamespaceByDefault() {
    Settings settings = settings(Map.of());
    assertThat(settings.groups()).containsExactlyInAnyOrder(Group.values());
    assertThat(settings.namespace()).isEqualTo("kumiko-system");
    assertThat(settings.leaseNamespace()).isEqualTo("kumiko-system");
    assertThat(settings.lease()).isEqualTo("kumiko");
    assertThat(settings.http().getPort()).isEqualTo(8080);
  }

  @Test
  void runsTheKindsThatItIsAskedFor() {
    assertThat(settings(Map.of(), "--kinds=network,storage").groups())
        .isEqualTo(Set.of(Group.NETWORK, Group.STORAGE));
  }

  @Test
  void namesTheKindsWhenAskedForAnother() {
    assertThatThrownBy(() -> settings(Map.of(), "--kinds=networks"))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("'networks'")
        .hasMessageContaining("tenancy, network, storage, compute");
  }

  @Test
  void takesItsIdentityAndNamespaceFromThePod() {
    Settings settings = settings(Map.of("POD_NAME", "kumiko-network-0", "POD_NAMESPACE", "cloud"));
    assertThat(settings.identity()).isEqualTo("kumiko-network-0");
    assertThat(settings.namespace()).isEqualTo("cloud");
  }

  @Test
  void downloadsMayFillTheDiskUnlessALimitIsGiven() {
    assertThat(settings(Map.of()).scratchBytes()).isEqualTo(Long.MAX_VALUE);
    assertThat(settings(Map.of(), "--scratch-gibibytes=3").scratchBytes()).isEqualTo(3L << 30);
  }

  @Test
  void noHostIsSparedUnlessAskedForAndNeverLessThanNone() {
    assertThat(settings(Map.of()).sparedHosts()).isZero();
    assertThat(settings(Map.of(), "--spared-hosts=2").sparedHosts()).isEqualTo(2);
    assertThatThrownBy(() -> settings(Map.of(), "--spared-hosts=-1"))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("'-1' is no whole number from 0");
  }

  @Test
  void eightGuestsMoveAtATimeUnlessMoreOrFewerAreAskedForAndNeverLessThanOne() {
    assertThat(settings(Map.of()).parallelMigrations()).isEqualTo(8);
    assertThat(settings(Map.of(), "--parallel-migrations=3").parallelMigrations()).isEqualTo(3);
    assertThatThrownBy(() -> settings(Map.of(), "--parallel-migrations=0"))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("'0' is no whole number from 1");
  }

  @Test
  void twoProcessesWithoutANameDiffer() {
    assertThat(settings(Map.of()).identity()).isNotEqualTo(settings(Map.of()).identity());
  }
}
