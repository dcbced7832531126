package dev.kumiko.compute.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumiko.compute.domainxml.GuestDefinition;
import dev.kumiko.compute.domainxml.Guests;
import dev.kumiko.compute.domainxml.Marker;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Hypervisor} does; its twin in memory and the real ones alike. */
abstract class HypervisorContract {
  private final UUID uuid = UUID.randomUUID();
  private final String name = "contract." + uuid.toString().substring(0, 8);
  private final GuestDefinition guest = Guests.bare(uuid, name, 3);
  private final long epoch = guest.marker().epoch();
  private final UUID theirs = UUID.randomUUID();
  private Hypervisor host;

  /** A host, connected or about to be. */
  abstract Hypervisor open();

  /** Makes a running domain without our marker. */
  abstract void plantForeign(UUID foreign, String foreignName);

  /** Removes it again. */
  abstract void removeForeign(UUID foreign);

  /** Whether guests can be started with their processors standing still. */
  abstract boolean startsPaused();

  @BeforeEach
  void connect() {
    host = admitted();
  }

  @AfterEach
  void clean() {
    end();
    host.undefine(uuid);
    assertThat(host.inventory().guest(uuid)).isEmpty();
    host.close();
  }

  @Test
  void aHostSaysWhatItIs() {
    HostFacts facts = host.facts();
    assertThat(facts.cpus()).isPositive();
    assertThat(facts.memoryBytes()).isGreaterThan(1L << 28);
    assertThat(facts.libvirtVersion()).matches("\\d+\\.\\d+\\.\\d+");
    assertThat(facts.cpuModel()).isNotBlank();
    assertThat(facts.cpuModels()).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aGuestStartsWithAnyProcessorThatItsHostTellsAndWithNoOther() {
    assumeTrue(startsPaused(), "this driver cannot start a guest paused");
    List<String> models = host.facts().cpuModels();
    assertThat(models).contains("Nehalem");
    host.define(withCpuModel("NoSuchModel"));
    assertThatThrownBy(() -> host.startPaused(uuid)).isInstanceOf(RuntimeException.class);
    for (String model : models) {
      host.define(withCpuModel(model));
      host.startPaused(uuid);
      assertThat(find().state()).isEqualTo(GuestState.PAUSED);
      assertThat(find().definition()).contains(withCpuModel(model));
      end();
    }
  }

  /** A QEMU may take longer to end than a call may take; then it is repeated. */
  final void end() {
    await()
        .atMost(Duration.ofSeconds(40))
        .ignoreExceptionsInstanceOf(Unavailable.class)
        .untilAsserted(() ->
            host.inventory()
                .guest(uuid)
                .flatMap(Guest::active)
                .ifPresent(active -> host.destroy(uuid, active.epoch())));
  }

  private GuestDefinition withCpuModel(String model) {
    return Guests.bare(uuid, name, epoch, Optional.of(model));
  }

  @Test
  void aDefinedGuestIsListedAsItWasDefined() {
    host.define(guest);
    Guest found = find();
    assertThat(found.state()).isEqualTo(GuestState.STOPPED);
    assertThat(found.name()).isEqualTo(name);
    assertThat(found.marker()).contains(guest.marker());
    assertThat(found.active()).isEmpty();
    assertThat(found.definition()).contains(guest);
  }

  @Test
  void everyChangeMayBeRepeated() {
    assumeTrue(startsPaused(), "this driver cannot start a guest paused");
    for (int i = 0; i < 2; i++) {
      host.define(guest);
    }
    for (int i = 0; i < 2; i++) {
      host.startPaused(uuid);
    }
    assertThat(find().state()).isEqualTo(GuestState.PAUSED);
    for (int i = 0; i < 2; i++) {
      host.resume(uuid, epoch);
    }
    assertThat(find().state()).isEqualTo(GuestState.RUNNING);
    end();
    host.destroy(uuid, epoch);
    assertThat(find().state()).isEqualTo(GuestState.STOPPED);
    for (int i = 0; i < 2; i++) {
      host.undefine(uuid);
    }
    assertThat(host.inventory().guest(uuid)).isEmpty();
  }

  @Test
  void anActiveGuestRemembersThePlacementItWasStartedFor() {
    assumeTrue(startsPaused(), "this driver cannot start a guest paused");
    host.define(guest);
    host.startPaused(uuid);
    Marker later = new Marker("blue", "bare", uuid.toString(), 4, "again", "s");
    host.define(guest.with(later));
    Guest found = find();
    assertThat(found.active()).contains(guest.marker());
    assertThat(found.marker()).contains(later);
    assertThat(found.state()).isEqualTo(GuestState.PAUSED);
  }

  @Test
  void aCallThatComesLateTouchesNoNewerGuest() {
    assumeTrue(startsPaused(), "this driver cannot start a guest paused");
    host.define(guest);
    host.startPaused(uuid);
    assertThatThrownBy(() -> host.resume(uuid, epoch - 1)).isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> host.destroy(uuid, epoch - 1)).isInstanceOf(Unavailable.class);
    assertThat(find().state()).isEqualTo(GuestState.PAUSED);
  }

  @Test
  void aStoppedGuestStaysDefinedAndStartsWithItsNewDefinition() {
    assumeTrue(startsPaused(), "this driver cannot start a guest paused");
    host.define(guest);
    host.startPaused(uuid);
    end();
    Marker later = new Marker("blue", "bare", uuid.toString(), 9, "", "s");
    host.define(guest.with(later));
    host.startPaused(uuid);
    assertThat(find().active()).contains(later);
  }

  @Test
  void aRunningGuestIsNotPausedByAnotherStart() {
    assumeTrue(startsPaused(), "this driver cannot start a guest paused");
    host.define(guest);
    host.startPaused(uuid);
    host.resume(uuid, epoch);
    host.startPaused(uuid);
    assertThat(find().state()).isEqualTo(GuestState.RUNNING);
  }

  @Test
  void aGuestThatIsUndefinedWhileItRunsRunsOnWithoutADefinition() {
    assumeTrue(startsPaused(), "this driver cannot start a guest paused");
    host.define(guest);
    host.startPaused(uuid);
    host.undefine(uuid);
    Guest found = find();
    assertThat(found.state()).isEqualTo(GuestState.PAUSED);
    assertThat(found.definition()).isEmpty();
    host.define(guest);
    assertThat(find().definition()).contains(guest);
  }

  @Test
  void aGuestThatIsNotDefinedCannotBeStarted() {
    assertThatThrownBy(() -> host.startPaused(uuid)).isInstanceOf(Unavailable.class);
  }

  @Test
  void aForeignDomainIsListedAndNeverTouched() {
    plantForeign(theirs, "theirs");
    try {
      await().atMost(Duration.ofSeconds(5)).until(() -> host.inventory().guest(theirs).isPresent());
      Guest foreign = host.inventory().guest(theirs).orElseThrow();
      assertThat(foreign.isOurs()).isFalse();
      assertThat(foreign.name()).isEqualTo("theirs");
      assertThatThrownBy(() -> host.destroy(theirs, 0)).isInstanceOf(Rejection.class);
      assertThatThrownBy(() -> host.undefine(theirs)).isInstanceOf(Rejection.class);
      assertThatThrownBy(() -> host.define(Guests.bare(theirs, "ours", 1)))
          .isInstanceOf(Rejection.class);
      assertThat(host.inventory().guest(theirs)).contains(foreign);
    } finally {
      removeForeign(theirs);
    }
  }

  @Test
  void aNameThatAForeignDomainHasIsRefusedWithTheReason() {
    plantForeign(theirs, name);
    try {
      await().atMost(Duration.ofSeconds(5)).until(() -> host.inventory().guest(theirs).isPresent());
      assertThatThrownBy(() -> host.define(guest))
          .isInstanceOfSatisfying(
              Rejection.class, r -> assertThat(r.reason()).isEqualTo("ForeignDomain"))
          .hasMessageContaining(name);
    } finally {
      removeForeign(theirs);
    }
  }

  @Test
  void changesAreHeardOf() {
    assumeTrue(startsPaused(), "this driver cannot start a guest paused");
    Queue<UUID> heard = new ConcurrentLinkedQueue<>();
    host.listen(
        new Hypervisor.Listener() {
          @Override
          public void guestChanged(UUID changed) {
            heard.add(changed);
          }

          @Override
          public void hostChanged() {}
        });
    host.define(guest);
    await().atMost(Duration.ofSeconds(5)).until(() -> heard.contains(uuid));
    heard.clear();
    host.startPaused(uuid);
    await().atMost(Duration.ofSeconds(5)).until(() -> heard.contains(uuid));
  }

  @Test
  void afterClosingTheLinkIsGone() {
    Hypervisor other = admitted();
    other.close();
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThatThrownBy(other::inventory).isInstanceOf(Unavailable.class));
  }

  @Test
  void aMachineIsUsedOnceItWasAdmitted() {
    try (Hypervisor fresh = answering()) {
      String machine = fresh.machine().orElseThrow();
      assertThat(fresh.admitted()).isEmpty();
      assertUnusable(fresh, machine);
      fresh.admit(machine);
      assertThat(fresh.admitted()).contains(machine);
      assertThat(fresh.link().isConnected()).isTrue();
      assertThat(fresh.facts().machine()).isEqualTo(machine);
      assertThat(fresh.inventory().guest(uuid)).isEmpty();
    }
  }

  @Test
  void anotherMachineThanTheAdmittedOneIsNotUsed() {
    try (Hypervisor fresh = answering()) {
      String machine = fresh.machine().orElseThrow();
      String former = new UUID(6, 7).toString();
      fresh.admit(machine);
      fresh.admit(former);
      assertUnusable(fresh, machine);
      assertUnusable(fresh, former);
    }
  }

  private void assertUnusable(Hypervisor fresh, String named) {
    assertThat(fresh.link())
        .isInstanceOfSatisfying(
            Link.Lost.class,
            lost -> {
              assertThat(lost.sign()).isEqualTo(Link.Sign.FAILED);
              assertThat(lost.message()).contains(named);
            });
    List<ThrowingCallable> calls =
        List.of(
            fresh::facts,
            fresh::inventory,
            () -> fresh.define(guest),
            () -> fresh.startPaused(uuid),
            () -> fresh.destroy(uuid, epoch),
            () -> fresh.provideSecret(new CephSecret("kumiko.dev.it", "AQBLZXk=")));
    assertThat(calls)
        .allSatisfy(call ->
            assertThatThrownBy(call).isInstanceOf(Unavailable.class).hasMessageContaining(named));
    assertThat(host.inventory().guest(uuid)).isEmpty();
  }

  /** Answers, but no machine is admitted yet. */
  private Hypervisor answering() {
    Hypervisor opened = open();
    await().atMost(Duration.ofSeconds(20)).until(() -> opened.machine().isPresent());
    return opened;
  }

  /** As its Host resource leaves it. */
  Hypervisor admitted() {
    Hypervisor opened = answering();
    opened.machine().ifPresent(opened::admit);
    return opened;
  }

  /** For tests that only some hosts support. */
  Hypervisor host() {
    return host;
  }

  GuestDefinition guest() {
    return guest;
  }

  Guest find() {
    return host.inventory().guest(uuid).orElseThrow();
  }
}
