package dev.kumiko.storage.ceph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.storage.ceph.CephException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What every {@link CephPool} promises; run against the twin and against a real cluster. */
abstract class CephPoolContract {
  private static final long MIB = 1 << 20;
  private static final String BLOCKED = "192.0.2.77";

  /** The pool under test. */
  abstract CephPool pool();

  /** Another client of the same pool. */
  abstract CephPool other();

  /** Leaves what an interrupted removal of the image leaves: its name. */
  abstract void interrupt(String name);

  /** A process of its own that has the image open, as a QEMU has. */
  abstract Guest guest(String name);

  /** A process that has an image open. */
  interface Guest extends AutoCloseable {
    void freeze();

    void thaw();

    @Override
    void close();
  }

  /** A prefix that no other image of the pool has. */
  abstract String prefix();

  /** As somebody does by hand: {@code ceph osd blocklist add}, whose entries end by themselves. */
  abstract void blockForAnHour(String address);

  @Test
  void aNewImageHasTheAskedSizeAnIdAndExclusiveLock() {
    pool().create(name("a"), 8 * MIB);
    ImageFacts facts = facts("a");
    assertThat(facts.name()).isEqualTo(name("a"));
    assertThat(facts.sizeBytes()).isEqualTo(8 * MIB);
    assertThat(facts.id()).isNotBlank();
    assertThat(facts.exclusiveLock()).isTrue();
    assertThat(facts.parent()).isEmpty();
    assertThat(facts.watchers()).isEmpty();
    assertThat(facts.lockOwner()).isEmpty();
    assertThat(facts.meta()).isEmpty();
    assertThat(pool().read(name("a"), 0, 4)).containsOnly(0);
  }

  @Test
  void creatingAgainIsNoChangeButAnotherSizeIsRefused() {
    pool().create(name("a"), 8 * MIB);
    String id = facts("a").id();
    pool().create(name("a"), 8 * MIB);
    assertThat(facts("a").id()).isEqualTo(id);
    refused(Reason.EXISTS, () -> pool().create(name("a"), 12 * MIB));
  }

  @Test
  void whatIsNotThereIsEmptyOrMissing() {
    assertThat(pool().image(name("nothing"))).isEmpty();
    assertThat(pool().children(name("nothing"))).isEmpty();
    refused(Reason.MISSING, () -> pool().writer(name("nothing")));
    refused(Reason.MISSING, () -> pool().grow(name("nothing"), MIB));
    refused(Reason.MISSING, () -> pool().putMeta(name("nothing"), Map.of("k", "v")));
    refused(Reason.MISSING, () -> pool().rename(name("nothing"), name("nowhere")));
    refused(Reason.MISSING, () -> pool().clone(new ImageSnapshot(name("nothing"), "s"), name("c")));
  }

  @Test
  void whatAnInterruptedRemovalLeftIsARemnantAndCanBeRemoved() {
    ImageSnapshot base = golden("golden");
    pool().clone(base, name("clone"));
    interrupt(name("clone"));
    assertThat(pool().image(name("clone"))).get().matches(ImageFacts::isRemnant, "a remnant");
    pool().remove(name("clone"));
    assertThat(pool().image(name("clone"))).isEmpty();
    assertThat(pool().images(name("clone"))).isEmpty();
    pool().remove(name("golden"));
    assertThat(pool().images(prefix())).isEmpty();
  }

  @Test
  void listsTheNamesWithAPrefixSorted() {
    pool().create(name("b2"), MIB);
    pool().create(name("a1"), MIB);
    pool().create(name("b1"), MIB);
    assertThat(pool().images(name("b"))).containsExactly(name("b1"), name("b2"));
    assertThat(pool().images(name("z"))).isEmpty();
  }

  @Test
  void writtenContentIsReadBack() {
    pool().create(name("a"), 16 * MIB);
    try (ImageWriter writer = pool().writer(name("a"))) {
      for (int chunk = 0; chunk < 12; chunk++) {
        byte[] content = bytes("chunk " + chunk);
        writer.write(chunk * MIB + 5, content);
      }
      writer.finish();
    }
    assertThat(pool().read(name("a"), 3 * MIB + 5, 7)).isEqualTo(bytes("chunk 3"));
    assertThat(pool().read(name("a"), 11 * MIB + 5, 8)).isEqualTo(bytes("chunk 11"));
    assertThat(pool().read(name("a"), 16 * MIB - 2, 10)).hasSize(2);
  }

  @Test
  void anImageIsMadeWithItsContentAndMayBeMadeAgain() {
    for (int i = 0; i < 2; i++) {
      pool().create(name("seed"), bytes("content"));
    }
    assertThat(facts("seed").sizeBytes()).isEqualTo(7);
    assertThat(pool().read(name("seed"), 0, 7)).isEqualTo(bytes("content"));
    refused(Reason.EXISTS, () -> pool().create(name("seed"), bytes("longer content")));
  }

  @Test
  void writingBeyondTheEndFails() {
    pool().create(name("a"), MIB);
    try (ImageWriter writer = pool().writer(name("a"))) {
      refused(
          Reason.FAILED,
          () -> {
            writer.write(MIB, bytes("beyond"));
            writer.finish();
          });
    }
  }

  @Test
  void aCloneHasTheSnapshotsContentSizeAndMetadata() {
    ImageSnapshot base = golden("golden");
    pool().clone(base, name("clone"));
    ImageFacts clone = facts("clone");
    assertThat(clone.sizeBytes()).isEqualTo(8 * MIB);
    assertThat(clone.parent()).contains(base);
    assertThat(clone.exclusiveLock()).isTrue();
    assertThat(clone.meta()).containsEntry("owner", "golden");
    assertThat(pool().read(name("clone"), 0, 6)).isEqualTo(bytes("golden"));
    assertThat(pool().children(name("golden"))).containsExactly(name("clone"));
  }

  @Test
  void cloningAgainIsNoChangeButAnotherParentIsRefused() {
    pool().clone(golden("golden"), name("clone"));
    String id = facts("clone").id();
    pool().clone(new ImageSnapshot(name("golden"), "base"), name("clone"));
    assertThat(facts("clone").id()).isEqualTo(id);
    ImageSnapshot another = golden("another");
    refused(Reason.EXISTS, () -> pool().clone(another, name("clone")));
  }

  @Test
  void growsAndNeverShrinks() {
    pool().create(name("a"), 8 * MIB);
    pool().grow(name("a"), 12 * MIB);
    assertThat(facts("a").sizeBytes()).isEqualTo(12 * MIB);
    pool().grow(name("a"), 4 * MIB);
    assertThat(facts("a").sizeBytes()).isEqualTo(12 * MIB);
  }

  @Test
  void growsWhileAnotherClientHasItOpen() {
    pool().create(name("a"), 8 * MIB);
    try (ImageWriter guest = other().writer(name("a"))) {
      guest.write(0, bytes("boot"));
      guest.finish();
      pool().grow(name("a"), 16 * MIB);
      assertThat(facts("a").sizeBytes()).isEqualTo(16 * MIB);
    }
  }

  @Test
  void renamingKeepsIdAndMetadataAndMayBeRepeated() {
    pool().create(name("a.new"), MIB);
    pool().putMeta(name("a.new"), Map.of("owner", "me"));
    String id = facts("a.new").id();
    pool().rename(name("a.new"), name("a"));
    pool().rename(name("a.new"), name("a"));
    assertThat(pool().image(name("a.new"))).isEmpty();
    assertThat(facts("a").id()).isEqualTo(id);
    assertThat(facts("a").meta()).isEqualTo(Map.of("owner", "me"));
  }

  @Test
  void renamingOverAnotherImageIsRefused() {
    pool().create(name("a"), MIB);
    pool().create(name("b"), MIB);
    refused(Reason.EXISTS, () -> pool().rename(name("a"), name("b")));
  }

  @Test
  void metadataIsSetAndReplaced() {
    pool().create(name("a"), MIB);
    pool().putMeta(name("a"), Map.of("owner", "first"));
    pool().putMeta(name("a"), Map.of("owner", "zwölf", "other", ""));
    assertThat(facts("a").meta()).hasSize(2).containsEntry("owner", "zwölf");
  }

  @Test
  void removesWithSnapshotsAndMayBeRepeated() {
    golden("a");
    pool().remove(name("a"));
    pool().remove(name("a"));
    assertThat(pool().image(name("a"))).isEmpty();
  }

  @Test
  void refusesToRemoveWhatHasClonesAndNamesThem() {
    pool().clone(golden("golden"), name("clone"));
    assertThatThrownBy(() -> pool().remove(name("golden")))
        .isInstanceOfSatisfying(
            CephException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BUSY))
        .hasMessageContaining(name("clone"));
    assertThat(facts("golden").snapshots()).containsExactly("base");
  }

  @Test
  void refusesToRemoveWhatIsOpenElsewhereAndKeepsItsSnapshots() {
    golden("a");
    try (ImageWriter guest = other().writer(name("a"))) {
      guest.write(0, bytes("x"));
      guest.finish();
      refused(Reason.BUSY, () -> pool().remove(name("a")));
    }
    assertThat(facts("a").snapshots()).containsExactly("base");
    pool().remove(name("a"));
  }

  @Test
  void aSnapshotIsMadeOnceAndKeepsItsContent() {
    golden("a");
    try (ImageWriter writer = pool().writer(name("a"))) {
      writer.write(0, bytes("edited"));
      writer.finish();
    }
    pool().snapshot(name("a"), "base");
    pool().clone(new ImageSnapshot(name("a"), "base"), name("clone"));
    assertThat(pool().read(name("clone"), 0, 6)).isEqualTo(bytes("golden"));
  }

  @Test
  void anotherClientsWriterIsAWatcherAndOwnsTheLockUntilItCloses() {
    pool().create(name("a"), MIB);
    try (ImageWriter guest = other().writer(name("a"))) {
      assertThat(facts("a").watchers()).hasSize(1);
      guest.write(0, bytes("x"));
      guest.finish();
      assertThat(facts("a").lockOwner()).contains(facts("a").watchers().getFirst());
    }
    assertThat(facts("a").watchers()).isEmpty();
    assertThat(facts("a").lockOwner()).isEmpty();
  }

  @Test
  void knowsItselfAmongTheClients() {
    pool().create(name("a"), MIB);
    try (ImageWriter own = pool().writer(name("a"))) {
      own.write(0, bytes("x"));
      own.finish();
      assertThat(facts("a").lockOwner()).map(CephClient::id).contains(pool().self());
    }
    assertThat(other().self()).isNotEqualTo(pool().self());
  }

  @Test
  void whoHasAnImageOpenAnswersUntilItIsBlocked() {
    pool().create(name("a"), MIB);
    assertThat(pool().answering(name("a"))).isEmpty();
    assertThat(pool().answering(name("nothing"))).isEmpty();
    try (ImageWriter writer = other().writer(name("a"))) {
      writer.write(0, new byte[] {1});
      assertThat(pool().answering(name("a"))).containsExactly(other().self());
      CephClient client = facts("a").watchers().getFirst();
      pool().block(client.address());
      try {
        assertThat(pool().answering(name("a"))).isEmpty();
      } finally {
        pool().unblock(client.address());
      }
    }
  }

  @Test
  void aGuestAnswersUnlessItIsFrozenAndOthersAnswerBesideIt() {
    pool().create(name("a"), MIB);
    try (Guest guest = guest(name("a"))) {
      long id = facts("a").watchers().getFirst().id();
      assertThat(pool().answering(name("a"))).containsExactly(id);
      guest.freeze();
      long start = System.nanoTime();
      assertThat(pool().answering(name("a"))).isEmpty();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      try (ImageWriter writer = other().writer(name("a"))) {
        assertThat(pool().answering(name("a"))).containsExactly(other().self());
        writer.finish();
      }
      guest.thaw();
      assertThat(pool().answering(name("a"))).containsExactly(id);
    }
  }

  @Test
  void aBlockedHostStaysBlockedUntilItIsLetInAgain() {
    try {
      pool().block(BLOCKED);
      Instant first = blockedUntil();
      pool().block(BLOCKED);
      assertThat(blockedUntil()).isEqualTo(first);
      assertThat(first).isAfter(Instant.now().plus(Duration.ofDays(365)));
      assertThat(pool().blocklist())
          .anyMatch(entry -> entry.coversHost(BLOCKED))
          .anyMatch(entry -> entry.covers(new CephClient(BLOCKED + ":0/4711", 9)))
          .noneMatch(entry -> entry.coversHost("192.0.2.7"));
    } finally {
      pool().unblock(BLOCKED);
    }
    pool().unblock(BLOCKED);
    assertThat(pool().blocklist()).noneMatch(entry -> entry.coversHost(BLOCKED));
  }

  /** Made by hand while a host hangs: it would be let in again while its guests run elsewhere. */
  @Test
  void anEntryThatEndsSoonRefusesNobodyUntilItIsReplaced() {
    blockForAnHour(BLOCKED);
    try {
      assertThat(pool().blocklist())
          .anyMatch(entry -> entry.isHost(BLOCKED))
          .noneMatch(entry -> entry.coversHost(BLOCKED))
          .noneMatch(entry -> entry.covers(new CephClient(BLOCKED + ":0/4711", 9)));
      pool().block(BLOCKED);
      assertThat(pool().blocklist()).anyMatch(entry -> entry.coversHost(BLOCKED));
    } finally {
      pool().unblock(BLOCKED);
    }
  }

  @Test
  void whoIsBlockedIsLetInByTheAddressThatTheBlocklistShows() {
    pool().block(BLOCKED);
    pool().block(BLOCKED + ":0/4711");
    List<String> shown =
        pool().blocklist().stream()
            .map(BlockedAddress::address)
            .filter(address -> address.startsWith(BLOCKED + ":"))
            .toList();
    assertThat(shown).containsExactlyInAnyOrder(BLOCKED + ":0/0", BLOCKED + ":0/4711");
    shown.forEach(pool()::unblock);
    assertThat(pool().blocklist()).noneMatch(entry -> shown.contains(entry.address()));
  }

  @Test
  void aBlockedClientNoLongerWatchesAndCannotWrite() {
    pool().create(name("a"), 8 * MIB);
    try (ImageWriter guest = other().writer(name("a"))) {
      guest.write(0, bytes("before"));
      guest.finish();
      CephClient client = facts("a").watchers().getFirst();
      try {
        pool().block(client.address());
        Awaitility.await()
            .atMost(Duration.ofSeconds(10))
            .untilAsserted(() -> assertThat(facts("a").watchers()).isEmpty());
        assertThat(facts("a").lockOwner()).contains(client);
        assertThatThrownBy(
                () -> {
                  guest.write(0, bytes("after!"));
                  guest.finish();
                })
            .isInstanceOf(Unavailable.class)
            .hasMessageContaining("blocklisted");
        assertThat(pool().read(name("a"), 0, 6)).isEqualTo(bytes("before"));
      } finally {
        pool().unblock(client.address());
      }
    }
  }

  @Test
  void aWriterOutlivesThePoolThatIsClosedUnderIt() {
    pool().create(name("a"), MIB);
    try (ImageWriter guest = other().writer(name("a"))) {
      other().close();
      guest.write(0, bytes("after"));
      guest.finish();
    }
    assertThat(facts("a").watchers()).isEmpty();
    assertThat(pool().read(name("a"), 0, 5)).isEqualTo(bytes("after"));
  }

  @Test
  void reportsCapacityAndHealth() {
    PoolFacts facts = pool().facts();
    assertThat(facts.fsid()).isNotBlank();
    assertThat(facts.capacityBytes()).isGreaterThan(facts.usedBytes());
    assertThat(facts.availableBytes()).isPositive();
  }

  @Test
  void aSufficientKeyLacksNothing() {
    assertThat(pool().preflight()).isEmpty();
    assertThat(pool().blocklist()).noneMatch(entry -> entry.address().contains("no-address"));
  }

  final String name(String suffix) {
    return prefix() + suffix;
  }

  final ImageFacts facts(String suffix) {
    return pool().image(name(suffix)).orElseThrow();
  }

  final ImageSnapshot golden(String suffix) {
    pool().create(name(suffix), 8 * MIB);
    try (ImageWriter writer = pool().writer(name(suffix))) {
      writer.write(0, bytes("golden"));
      writer.finish();
    }
    pool().putMeta(name(suffix), Map.of("owner", "golden"));
    pool().snapshot(name(suffix), "base");
    return new ImageSnapshot(name(suffix), "base");
  }

  private Instant blockedUntil() {
    Optional<BlockedAddress> entry =
        pool().blocklist().stream().filter(blocked -> blocked.coversHost(BLOCKED)).findFirst();
    return entry.orElseThrow().until();
  }

  private static void refused(Reason reason, ThrowingCallable request) {
    assertThatThrownBy(request)
        .isInstanceOfSatisfying(
            CephException.class, e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
