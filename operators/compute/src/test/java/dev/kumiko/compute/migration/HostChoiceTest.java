package dev.kumiko.compute.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Host.Virtualization;
import dev.kumiko.v1alpha1.Migration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said of a move that has no target: the guest is on h1, and h2 is the other host. */
final class HostChoiceTest {
  private static final String ANYWHERE = "anywhere";
  private static final String TO_H2 = "to-h2";
  private static final String NOWHERE = "no other host may or can take the guest: ";

  private final MigrationWorld world = new MigrationWorld();
  private final MigrationLife life = new MigrationLife(world);

  private void ask(String name, String host) {
    life.create(name, new Migration.Spec("web", host, null, 600, true, false));
  }

  private void askAnywhere() {
    life.create(ANYWHERE, new Migration.Spec("web", null, null, 600, true, false));
    life.pass();
    assertThat(life.status(ANYWHERE).phase()).isEqualTo(Migration.Phase.Pending);
  }

  private void h2IsBusy() {
    world.underWay("one", "h2");
    world.underWay("two", "h2");
  }

  @Test
  void aHostThatTakesNoGuestsIsNoTarget() {
    world.around.cordon("h2");
    ask(TO_H2, "h2");
    askAnywhere();
    for (String name : List.of(ANYWHERE, TO_H2)) {
      assertThat(life.reason(name)).isEqualTo("NoHostFits");
      assertThat(life.message(name)).contains("1 host: 1 Cordoned");
    }
  }

  @Test
  void aHostMovesTwoGuestsAtATime() {
    world.underWay("one", "h1");
    world.underWay("two", "h1");
    askAnywhere();
    assertThat(life.reason(ANYWHERE)).isEqualTo("MigrationLimit");
    assertThat(life.message(ANYWHERE)).contains("host h1");
  }

  @Test
  void theWholeCloudMovesAsManyGuestsAtATimeAsAreAllowed() {
    List.of("h3", "h4", "h5").forEach(host -> world.underWay("of-" + host, host));
    askAnywhere();
    assertThat(life.reason(ANYWHERE)).isEqualTo("MigrationLimit");
    assertThat(life.message(ANYWHERE)).contains("3 guests are being moved");
  }

  @Test
  void whoseOnlyTargetsAreBusyWaitsForThem() {
    h2IsBusy();
    askAnywhere();
    assertThat(life.reason(ANYWHERE)).isEqualTo("MigrationLimit");
    assertThat(life.message(ANYWHERE))
        .isEqualTo(
            "2 guests are being moved from or to each host that can take the guest, such as host"
                + " h2, which is as many as may be at a time: it goes on by itself when one of"
                + " those moves is over");
    InMemoryCluster cluster = world.cluster();
    Migration over = cluster.get(Migration.class, "other", "one").orElseThrow();
    cluster.removeFinalizer(over);
    cluster.delete(over);
    life.passes(15);
    assertThat(life.status(ANYWHERE).phase()).isEqualTo(Migration.Phase.Succeeded);
    assertThat(life.status(ANYWHERE).target()).isEqualTo("h2");
  }

  @Test
  void aBusyHostThatCouldNotTakeTheGuestAnywayIsNotWaitedFor() {
    h2IsBusy();
    world.around.cordon("h2");
    askAnywhere();
    assertThat(life.reason(ANYWHERE)).isEqualTo("NoHostFits");
    assertThat(life.message(ANYWHERE))
        .isEqualTo(NOWHERE + "1 host: 1 Cordoned: set spec.mode of a Host to Active");
  }

  @Test
  void hostsWithAnotherVirtualizationAreCounted() {
    world.report("h1", Virtualization.KVM);
    world.report("h2", Virtualization.TCG);
    h2IsBusy();
    askAnywhere();
    assertThat(life.reason(ANYWHERE)).isEqualTo("NoHostFits");
    assertThat(life.message(ANYWHERE))
        .isEqualTo(
            NOWHERE
                + "1 host: 1 VirtualizationDiffers: add a Host with the status.virtualization of"
                + " the one that the guest is on, or stop and start the machine instead");
  }

  @Test
  void aHostThatWasNeverSeenIsDisconnected() {
    world.report("h1", Virtualization.KVM);
    world.report("h2", null);
    askAnywhere();
    assertThat(life.message(ANYWHERE)).startsWith(NOWHERE + "1 host: 1 Disconnected: ");
  }

  @Test
  void noHostsAreSaidWhereThereIsNoOther() {
    Optional<Host> other = world.cluster().get(Host.class, "", "h2");
    world.cluster().delete(other.orElseThrow());
    askAnywhere();
    assertThat(life.message(ANYWHERE)).isEqualTo(NOWHERE + "no hosts: create a Host");
  }
}
