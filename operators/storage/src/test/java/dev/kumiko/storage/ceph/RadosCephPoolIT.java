package dev.kumiko.storage.ceph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ceph.rbd.RbdException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.Bytes;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.kumiko.reconcile.Endpoint;
import dev.kumiko.reconcile.Unavailable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** A real cluster keeps the contract. */
@EnabledIfEnvironmentVariable(named = "CEPH_CONF", matches = ".+")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RadosCephPoolIT extends CephPoolContract {
  private static final String ENOUGH = "profile rbd, allow command \"osd blocklist\"";
  private final String prefix = "contract-" + UUID.randomUUID() + "-";
  private final List<String> keys = new ArrayList<>();
  private CephPool pool = connect();
  private CephPool other = connect();

  @BeforeAll
  void reaches() {
    assertThat(pool.images(prefix)).isEmpty();
  }

  /** Clones go before their parents, which refuse to be removed until then. */
  @AfterEach
  void removeImages() {
    other.close();
    other = connect();
    for (int generation = 0; generation < 3; generation++) {
      for (String name : pool.images(prefix)) {
        if (pool.children(name).isEmpty()) {
          pool.remove(name);
        }
      }
    }
    assertThat(pool.images(prefix)).isEmpty();
  }

  @AfterAll
  void disconnect() {
    try (CephSession session = administrator()) {
      for (String user : keys) {
        session.monitor("{\"prefix\":\"auth del\",\"entity\":\"client.%s\"}".formatted(user));
      }
    }
    pool.close();
    other.close();
  }

  @Test
  void aWrongKeyIsDeniedAndNotShown() {
    CephCredentials good = LabCeph.administrator();
    String wrong = "AQBhu7Nq0000000000000000000000000000000000==";
    CephCredentials bad =
        new CephCredentials(good.monitors(), good.pool(), Optional.empty(), good.user(), wrong);
    try (CephPool refused = connect(bad)) {
      assertThatThrownBy(refused::facts)
          .isInstanceOf(CephException.class)
          .hasMessageNotContaining(wrong);
    }
  }

  @Test
  void anUnknownPoolIsMissing() {
    CephCredentials good = LabCeph.administrator();
    CephCredentials elsewhere =
        new CephCredentials(
            good.monitors(), "no-such-pool", Optional.empty(), good.user(), good.key());
    try (CephPool missing = connect(elsewhere)) {
      assertThatThrownBy(missing::facts).hasMessageContaining("no-such-pool: not found");
    }
  }

  @Test
  void silentMonitorsAreUnavailableWithinTheDeadline() {
    CephCredentials good = LabCeph.administrator();
    CephCredentials nowhere =
        new CephCredentials(
            List.of("127.0.0.1:9"), good.pool(), Optional.empty(), good.user(), good.key());
    long start = System.nanoTime();
    try (CephPool silent = connect(nowhere)) {
      assertThatThrownBy(silent::facts).isInstanceOf(Unavailable.class);
    }
    assertThat(System.nanoTime() - start).isLessThan(15_000_000_000L);
  }

  @Test
  void aKeyThatMayOnlyReadThePoolIsToldWhatToGrant() {
    String monitors = "profile rbd, allow command \"osd blocklist\"";
    try (CephPool reader = connect(keyWith("only-reads", monitors, "profile rbd-read-only"))) {
      assertThat(reader.preflight())
          .extracting(MissingGrant::purpose)
          .containsExactly("write to the pool");
    }
  }

  @Test
  void aKeyThatMayNotBlockOrUnblockIsToldWhatToGrant() {
    try (CephPool reader = connect(keyWith("reader", "allow r"));
        CephPool librbd = connect(keyWith("librbd", "profile rbd"));
        CephPool enough = connect(keyWith("enough", ENOUGH))) {
      assertThat(reader.preflight())
          .extracting(MissingGrant::purpose)
          .containsExactly(
              "block a failed host's access to its disks", "let a repaired host in again");
      assertThat(librbd.preflight())
          .extracting(MissingGrant::purpose)
          .contains("let a repaired host in again");
      assertThat(librbd.preflight().getFirst().remedy())
          .contains("ceph auth caps client.kumiko-it", "osd blocklist");
      assertThat(enough.preflight()).isEmpty();
    }
  }

  @Test
  void whatIsGrantedAfterwardsIsSeenWithoutANewStart() {
    try (CephPool late = connect(keyWith("late", "allow r"))) {
      assertThat(late.preflight()).isNotEmpty();
      monitor(caps("auth caps", "late", ENOUGH, ofPool()));
      assertThat(late.preflight()).isEmpty();
      late.block("192.0.2.7");
      late.unblock("192.0.2.7");
    }
  }

  @Test
  void exclusiveLockComesBackWhenSomebodyDisabledIt() {
    pool.create(name("a"), 1 << 20);
    try (CephSession session = administrator()) {
      session.writing(
          name("a"),
          image ->
              session
                  .failures()
                  .check(
                      "disable exclusive-lock",
                      session
                          .lib()
                          .rbd_update_features(
                              image.getPointer(), LibCeph.EXCLUSIVE_LOCK | 8 | 16, (byte) 0)));
    }
    assertThat(facts("a").exclusiveLock()).isFalse();
    pool.enableExclusiveLock(name("a"));
    pool.enableExclusiveLock(name("a"));
    assertThat(facts("a").exclusiveLock()).isTrue();
  }

  @Override
  CephPool pool() {
    return pool;
  }

  @Override
  CephPool other() {
    return other;
  }

  @Override
  Guest guest(String name) {
    return QemuGuest.with(name, () -> !pool.image(name).orElseThrow().watchers().isEmpty());
  }

  /** As a process that is killed in the middle: librbd first removes the way from name to id. */
  @Override
  void interrupt(String name) {
    try (CephSession session = administrator()) {
      session
          .failures()
          .check(
              "remove the id of " + name,
              session.lib().rados_remove(session.pool(), "rbd_id." + name));
    }
  }

  /** As a process that is killed a little later: librbd has moved the image to the trash. */
  @Test
  void whatAnInterruptedRemovalLeftInTheTrashIsARemnantToo() {
    ImageSnapshot base = golden("golden");
    pool.clone(base, name("clone"));
    trash(name("clone"), facts("clone").id());
    assertThat(pool.image(name("clone"))).get().matches(ImageFacts::isRemnant, "a remnant");
    assertThat(pool.image(name("other"))).isEmpty();
    pool.remove(name("clone"));
    assertThat(pool.image(name("clone"))).isEmpty();
    assertThat(pool.images(name("clone"))).isEmpty();
    pool.remove(name("golden"));
    assertThat(pool.images(prefix)).isEmpty();
  }

  /** As a process that is killed in a rename, before the directory has the new name. */
  @Test
  void aRenameThatWasInterruptedEarlyIsRepeatedAndLosesNothing() {
    ImageFacts image = written("a");
    putId(name("b"), image.id());
    assertThat(pool.image(name("a"))).contains(image);
    assertThat(pool.image(name("b"))).get().matches(ImageFacts::isRemnant, "a remnant");
    pool.rename(name("a"), name("b"));
    assertThat(pool.image(name("a"))).isEmpty();
    assertThat(facts("b").id()).isEqualTo(image.id());
    assertThat(pool.read(name("b"), 0, 3)).containsExactly(1, 2, 3);
  }

  /** As a process that is killed in a rename, when the directory has the new name. */
  @Test
  void theOldNameOfAnInterruptedRenameIsRemovedWithoutTheImage() {
    ImageFacts image = written("a");
    pool.rename(name("a"), name("b"));
    putId(name("a"), image.id());
    assertThat(pool.image(name("a"))).get().matches(ImageFacts::isRemnant, "a remnant");
    pool.remove(name("a"));
    assertThat(pool.image(name("a"))).isEmpty();
    assertThat(facts("b").id()).isEqualTo(image.id());
    assertThat(pool.read(name("b"), 0, 3)).containsExactly(1, 2, 3);
  }

  /** As a process that is killed in a creation, when only the way from name to id is there. */
  @Test
  void whatACreationLeftThatHadJustBegunIsARemnantToo() {
    putId(name("a"), "abcdef012345");
    assertThat(pool.image(name("a"))).get().matches(ImageFacts::isRemnant, "a remnant");
    pool.remove(name("a"));
    assertThat(pool.image(name("a"))).isEmpty();
    pool.create(name("a"), 1 << 20);
    assertThat(facts("a").isRemnant()).isFalse();
  }

  /** As a process that is killed in a removal, when librbd has put the snapshot out of sight. */
  @Test
  void anImageWithASnapshotWhoseRemovalWasInterruptedIsRemoved() {
    golden("golden");
    try (CephSession session = administrator()) {
      long snapshot =
          session.reading(
              name("golden"),
              image -> {
                try {
                  return image.snapList().getFirst().id;
                } catch (RbdException e) {
                  throw new IllegalStateException(e);
                }
              });
      ByteBuffer id = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      exec(
          session,
          "rbd_header." + facts("golden").id(),
          "snapshot_trash_add",
          id.putLong(snapshot).array());
    }
    assertThat(facts("golden").snapshots()).isEmpty();
    pool.remove(name("golden"));
    assertThat(pool.image(name("golden"))).isEmpty();
  }

  private ImageFacts written(String suffix) {
    pool.create(name(suffix), 1 << 20);
    try (ImageWriter writer = pool.writer(name(suffix))) {
      writer.write(0, new byte[] {1, 2, 3});
      writer.finish();
    }
    return facts(suffix);
  }

  private static void putId(String name, String id) {
    byte[] content = RbdDirectory.text(id);
    try (CephSession session = administrator()) {
      session
          .failures()
          .check(
              "write the id of " + name,
              Native.load("rados", Librados.class)
                  .rados_write_full(session.pool(), "rbd_id." + name, content, content.length));
    }
  }

  /** What only a test does to objects. */
  interface Librados extends Library {
    int rados_write_full(Pointer pool, String object, byte[] content, long length);
  }

  private static void trash(String name, String id) {
    byte[] label = RbdDirectory.text(name);
    byte removing = 3;
    byte normal = 2;
    byte[] payload =
        Bytes.concat(new byte[] {removing}, label, new byte[2 * Long.BYTES], new byte[] {normal});
    byte[] head = {2, 1, (byte) payload.length, 0, 0, 0};
    byte[] entry = Bytes.concat(RbdDirectory.text(id), head, payload);
    byte[] both = Bytes.concat(label, RbdDirectory.text(id));
    try (CephSession session = administrator()) {
      exec(session, "rbd_trash", "trash_add", entry);
      session
          .failures()
          .check("remove the id", session.lib().rados_remove(session.pool(), "rbd_id." + name));
      exec(session, "rbd_directory", "dir_remove_image", both);
    }
  }

  private static void exec(CephSession session, String object, String method, byte[] input) {
    session
        .failures()
        .check(
            method,
            session
                .lib()
                .rados_exec(
                    session.pool(), object, "rbd", method, input, input.length, new byte[16], 16));
  }

  @Override
  void blockForAnHour(String address) {
    try (CephSession session = administrator()) {
      session
          .monitor(
              """
              {"prefix": "osd blocklist", "blocklistop": "add", "addr": "%s", "expire": 3600.0}\
              """
                  .formatted(address))
          .orThrow("block " + address + " by hand", session.failures());
    }
  }

  @Override
  String prefix() {
    return prefix;
  }

  private static CephSession administrator() {
    return CephSession.open(
        LibCeph.load(), LabCeph.administrator(), new Failures("ceph/administrator"));
  }

  /** A key of its own for this test, with these capabilities at the monitors. */
  private CephCredentials keyWith(String user, String monitorCaps) {
    return keyWith(user, monitorCaps, ofPool());
  }

  private static String ofPool() {
    return "profile rbd pool=" + LabCeph.administrator().pool();
  }

  private CephCredentials keyWith(String user, String monitorCaps, String osdCaps) {
    keys.add("kumiko-it-" + user);
    CephCredentials admin = LabCeph.administrator();
    String made = monitor(caps("auth get-or-create", user, monitorCaps, osdCaps));
    String key = made.substring(made.indexOf("key = ") + "key = ".length()).strip();
    return new CephCredentials(
        admin.monitors(), admin.pool(), Optional.empty(), "kumiko-it-" + user, key);
  }

  private static String caps(String command, String user, String monitorCaps, String osdCaps) {
    ObjectNode caps =
        new ObjectMapper()
            .createObjectNode()
            .put("prefix", command)
            .put("entity", "client.kumiko-it-" + user);
    caps.putArray("caps").add("mon").add(monitorCaps).add("osd").add(osdCaps);
    return caps.toString();
  }

  private String monitor(String command) {
    try (CephSession session = administrator()) {
      return session.monitor(command).orThrow(command, session.failures());
    }
  }

  private static CephPool connect() {
    return connect(LabCeph.administrator());
  }

  private static CephPool connect(CephCredentials credentials) {
    return new RadosCephPool(
        credentials, new Endpoint("ceph/" + credentials.pool(), 4, Duration.ofSeconds(40)));
  }
}
