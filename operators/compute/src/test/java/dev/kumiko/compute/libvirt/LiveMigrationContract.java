package dev.kumiko.compute.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kumiko.compute.domainxml.GuestDefinition;
import dev.kumiko.compute.domainxml.Guests;
import dev.kumiko.reconcile.Unavailable;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How every {@link LiveMigration} moves guests; that in memory and the real one alike. */
abstract class LiveMigrationContract {
  private final UUID uuid = UUID.randomUUID();
  private final String name = "contract." + uuid.toString().substring(0, 8);
  private final GuestDefinition guest = Guests.bare(uuid, name, 3);
  private final long epoch = guest.marker().epoch();
  private Hypervisor here;
  private Hypervisor there;

  /** A host, connected or about to be. */
  abstract Hypervisor source();

  /** Another host. */
  abstract Hypervisor destination();

  /** Where that is for its peers. */
  abstract URI address();

  @BeforeEach
  void run() {
    here = admitted(source());
    there = admitted(destination());
    there.provideSecret(new CephSecret("kumiko.dev.it", "AQBLZXk="));
    here.define(guest);
    here.startPaused(uuid);
    here.resume(uuid, epoch);
  }

  @AfterEach
  void clean() {
    here.abortMigration(uuid);
    for (Hypervisor host : List.of(there, here)) {
      await()
          .atMost(Duration.ofSeconds(40))
          .ignoreExceptionsInstanceOf(Unavailable.class)
          .untilAsserted(() -> host.destroy(uuid, epoch));
      host.undefine(uuid);
      if (host.inventory().guests().isEmpty()) {
        host.withdraw();
      }
      host.close();
    }
  }

  @Test
  void aGuestMovesAsItIsAndNothingOfItStays() {
    here.migrate(uuid, order(epoch, OptionalInt.empty()));
    here.migrate(uuid, order(epoch, OptionalInt.empty()));
    untilItEnded();
    assertThat(here.transfer(uuid)).isEqualTo(new Transfer.None(Optional.empty()));
    assertThat(here.inventory().guest(uuid)).isEmpty();
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(state(there)).contains(GuestState.PAUSED));
    Guest moved = there.inventory().guest(uuid).orElseThrow();
    assertThat(moved.active()).contains(guest.marker());
    assertThat(moved.definition()).contains(guest);
    there.resume(uuid, epoch);
    assertThat(state(there)).contains(GuestState.RUNNING);
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(there.arrival(uuid).orElseThrow().downtime()).isPositive());
  }

  @Test
  void aMoveThatIsGivenUpLeavesTheGuestWhereItWas() {
    here.migrate(uuid, order(epoch, OptionalInt.of(1)));
    assertThat(here.transfer(uuid)).isInstanceOf(Transfer.Ongoing.class);
    await()
        .atMost(Duration.ofSeconds(5))
        .ignoreExceptionsInstanceOf(Unavailable.class)
        .untilAsserted(() -> here.abortMigration(uuid));
    untilItEnded();
    here.abortMigration(uuid);
    assertThat(state(here)).contains(GuestState.RUNNING);
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(there.inventory().guest(uuid)).isEmpty());
  }

  @Test
  void aGuestThatWritesMuchMayStandStillForLonger() {
    here.migrate(uuid, order(epoch, OptionalInt.of(1)));
    await()
        .atMost(Duration.ofSeconds(5))
        .ignoreExceptionsInstanceOf(Unavailable.class)
        .untilAsserted(() -> here.allowLongerPause(uuid));
    here.allowLongerPause(uuid);
    assertThat(here.transfer(uuid))
        .isInstanceOfSatisfying(
            Transfer.Ongoing.class, ongoing -> assertThat(ongoing.isBrief()).isFalse());
  }

  @Test
  void aMoveThatFailsSaysWhyAndTheGuestStays() {
    MigrationOrder nowhere =
        new MigrationOrder(
            epoch,
            "nowhere",
            URI.create("qemu+tcp://127.0.0.1:1/system"),
            OptionalInt.empty(),
            true,
            false);
    here.migrate(uuid, nowhere);
    untilItEnded();
    assertThat(here.transfer(uuid))
        .isInstanceOfSatisfying(
            Transfer.None.class,
            none -> assertThat(none.failure().orElseThrow()).contains("unable to connect"));
    assertThat(state(here)).contains(GuestState.RUNNING);
    assertThat(there.inventory().guest(uuid)).isEmpty();
  }

  @Test
  void aGuestMayGoOnThereBeforeAllOfItIsThere() {
    here.migrate(
        uuid, new MigrationOrder(epoch, there.host(), address(), OptionalInt.of(1), true, true));
    await()
        .atMost(Duration.ofSeconds(5))
        .ignoreExceptionsInstanceOf(Unavailable.class)
        .untilAsserted(() -> here.switchToPostCopy(uuid));
    here.switchToPostCopy(uuid);
    untilItEnded();
    assertThat(here.inventory().guest(uuid)).isEmpty();
    assertThat(state(there)).contains(GuestState.RUNNING);
  }

  @Test
  void aGuestOfAnotherEpochIsNotMoved() {
    assertThatThrownBy(() -> here.migrate(uuid, order(epoch - 1, OptionalInt.empty())))
        .isInstanceOf(Unavailable.class);
    assertThat(here.transfer(uuid)).isEqualTo(new Transfer.None(Optional.empty()));
    assertThat(state(here)).contains(GuestState.RUNNING);
  }

  @Test
  void aGuestThatStaysHasNoMoveToGiveUp() {
    here.abortMigration(uuid);
    assertThat(here.transfer(uuid)).isEqualTo(new Transfer.None(Optional.empty()));
    assertThat(state(here)).contains(GuestState.RUNNING);
  }

  Hypervisor here() {
    return here;
  }

  UUID uuid() {
    return uuid;
  }

  MigrationOrder order(long of, OptionalInt mebibytesPerSecond) {
    return new MigrationOrder(of, there.host(), address(), mebibytesPerSecond, true, false);
  }

  void untilItEnded() {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> here.transfer(uuid) instanceof Transfer.None);
  }

  private Optional<GuestState> state(Hypervisor host) {
    return host.inventory().guest(uuid).map(Guest::state);
  }

  private static Hypervisor admitted(Hypervisor opened) {
    await().atMost(Duration.ofSeconds(20)).until(() -> opened.machine().isPresent());
    opened.machine().ifPresent(opened::admit);
    return opened;
  }
}
