package dev.kumiko.compute.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.kumiko.compute.domainxml.Guests;
import dev.kumiko.compute.domainxml.Marker;
import dev.kumiko.reconcile.Endpoint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;
import org.libvirt.StoragePool;

/** The adapter against a real libvirtd and real QEMU. */
final class LibvirtHypervisorIT extends HypervisorContract {
  private static final CephSecret SECRET =
      new CephSecret("kumiko.dev.it", "AQBNbm9uZXRob3NlLmtleXMuYXJlLnJlYWw=");

  @BeforeAll
  static void needsHosts() {
    assumeFalse(LabHosts.all().isEmpty(), "KUMIKO_HOSTS names no host: see e2e/lab env");
  }

  @Override
  Hypervisor open() {
    return open(LabHosts.all().getFirst());
  }

  static Hypervisor open(HostAddress address) {
    return new LibvirtHypervisor(
        address,
        new Endpoint("libvirt/it", 2, Duration.ofSeconds(10)),
        new Endpoint("libvirt/it/qemu", 2, Duration.ofSeconds(10)),
        InstantSource.system());
  }

  @Override
  boolean startsPaused() {
    return true;
  }

  @Override
  void plantForeign(UUID foreign, String foreignName) {
    behindOurBack(connect ->
        connect
            .domainDefineXML(
                """
                <domain type='qemu'><name>%s</name><uuid>%s</uuid><memory unit='MiB'>32</memory>
                  <os><type arch='x86_64'>hvm</type></os></domain>
                """
                    .formatted(foreignName, foreign))
            .create());
  }

  @Override
  void removeForeign(UUID foreign) {
    behindOurBack(connect -> {
      Domain domain = connect.domainLookupByUUID(foreign);
      domain.destroy();
      domain.undefine();
    });
  }

  @Test
  void aDomainDestroyedBehindOurBackIsSeen() {
    running();
    behindOurBack(connect -> connect.domainLookupByUUID(guest().uuid()).destroy());
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(find().state()).isEqualTo(GuestState.STOPPED));
  }

  @Test
  void aDomainUndefinedBehindOurBackIsSeenAndStillRuns() {
    running();
    behindOurBack(connect -> connect.domainLookupByUUID(guest().uuid()).undefine());
    Guest before = find();
    host().define(guest());
    assertThat(find().definition()).contains(guest());
    assertThat(find().state()).isEqualTo(GuestState.RUNNING);
    assertThat(before.active()).contains(guest().marker());
  }

  @Test
  void aSecretIsProvidedOnceAndKnownByItsFingerprint() {
    CephSecret second = new CephSecret("kumiko.dev.it", "AQBNb3RoZXJ0aG9zZS5rZXlzLmFyZS5yZWE=");
    host().provideSecret(SECRET);
    assertThat(host().inventory().secrets()).containsEntry(SECRET.usage(), SECRET.fingerprint());
    host().provideSecret(second);
    assertThat(host().inventory().secrets()).containsEntry(SECRET.usage(), second.fingerprint());
    assertThat(SECRET.fingerprint()).isNotEqualTo(second.fingerprint());
  }

  @Test
  void whatTheHostWasGivenIsTakenBackAndNothingElse() {
    UUID theirs = UUID.randomUUID();
    behindOurBack(connect ->
        connect
            .secretDefineXML(
                """
                <secret ephemeral='yes' private='yes'><uuid>%s</uuid>
                  <usage type='ceph'><name>theirs</name></usage></secret>
                """
                    .formatted(theirs))
            .free());
    try {
      host().provideSecret(SECRET);
      assertThat(given()).contains("kumiko-console", theirs.toString()).hasSize(3);
      host().withdraw();
      assertThat(host().inventory().secrets()).isEmpty();
      assertThat(given()).containsExactly(theirs.toString());
      host().withdraw();
      running();
      assertThat(find().state()).isEqualTo(GuestState.RUNNING);
    } finally {
      behindOurBack(connect -> connect.secretLookupByUUID(theirs).undefine());
    }
  }

  @Test
  void aMarkerThatIsTakenAwayBehindOurBackIsSeen() {
    int element = 2;
    int live = 1;
    running();
    behindOurBack(connect ->
        connect
            .domainLookupByUUID(guest().uuid())
            .setMetadata(element, null, null, Marker.XML_NAMESPACE, live));
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(find().active()).isEmpty());
    behindOurBack(connect -> connect.domainLookupByUUID(guest().uuid()).destroy());
  }

  @Test
  void aFolderForConsoleLogsThatIsTakenBackOnlyHalfIsNoObstacle() {
    host().provideSecret(SECRET);
    behindOurBack(connect -> connect.storagePoolLookupByName("kumiko-console").destroy());
    host().withdraw();
    assertThat(given()).doesNotContain("kumiko-console");
  }

  /** UUIDs of secrets, and names of storage pools. */
  private static List<String> given() {
    List<String> given = new ArrayList<>();
    behindOurBack(connect -> {
      given.addAll(List.of(connect.listSecrets()));
      given.addAll(List.of(connect.listStoragePools()));
      given.addAll(List.of(connect.listDefinedStoragePools()));
    });
    return given;
  }

  @Test
  void theConsoleLogGoesWithTheDomain() {
    host().provideSecret(SECRET);
    running();
    assertThat(hasConsoleLog()).isTrue();
    end();
    host().undefine(guest().uuid());
    assertThat(hasConsoleLog()).isFalse();
    host().undefine(guest().uuid());
  }

  private boolean hasConsoleLog() {
    AtomicBoolean found = new AtomicBoolean();
    behindOurBack(connect -> {
      StoragePool pool = connect.storagePoolLookupByName("kumiko-console");
      pool.refresh(0);
      found.set(List.of(pool.listVolumes()).contains(guest().uuid() + ".log"));
      pool.free();
    });
    return found.get();
  }

  @Test
  void aResetGuestStaysRunning() {
    running();
    host().reset(guest().uuid());
    assertThat(find().state()).isEqualTo(GuestState.RUNNING);
  }

  @Test
  void aGuestIsAnnouncedAndOneThatIsNotThereIsNot() {
    running();
    host().announce(guest().uuid());
    host().announce(new UUID(1, 2));
    assertThat(find().state()).isEqualTo(GuestState.RUNNING);
  }

  @Test
  void manyGuestsAreListedInOneGo() {
    for (int i = 0; i < 20; i++) {
      host().define(Guests.bare(new UUID(77, i), "many-" + i, i + 1));
    }
    try (Hypervisor other = admitted()) {
      for (int i = 0; i < 20; i++) {
        assertThat(other.inventory().guest(new UUID(77, i)).orElseThrow().marker().orElseThrow())
            .extracting(m -> m.epoch())
            .isEqualTo(i + 1L);
      }
    } finally {
      for (int i = 0; i < 20; i++) {
        host().undefine(new UUID(77, i));
      }
    }
  }

  private void running() {
    host().define(guest());
    host().startPaused(guest().uuid());
    host().resume(guest().uuid(), guest().marker().epoch());
  }

  private interface Deed {
    void on(Connect connect) throws LibvirtException;
  }

  private static void behindOurBack(Deed deed) {
    EventLoop.ensureRunning();
    try {
      Connect connect = new Connect(LabHosts.all().getFirst().connectUri());
      deed.on(connect);
      connect.close();
    } catch (LibvirtException e) {
      throw new IllegalStateException(e);
    }
  }
}
