package dev.kumiko.storage.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Loop;
import dev.kumiko.storage.Examples;
import dev.kumiko.storage.ceph.CephException;
import dev.kumiko.storage.ceph.InMemoryCephPool;
import dev.kumiko.storage.ceph.MissingGrant;
import dev.kumiko.storage.ceph.PoolFacts;
import dev.kumiko.storage.ceph.RbdNames;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.Volume;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class StoragePoolKindTest {
  private static final long GIB = 1L << 30;
  private final InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());
  private final InMemoryCephPool ceph = new InMemoryCephPool();
  private final StoragePoolKind kind = new StoragePoolKind(cluster, _ -> ceph, Examples.NAMESPACE);

  @BeforeEach
  void createPool() {
    cluster.create(Examples.secret("ceph-key", Map.of("key", "AQB=")));
    cluster.create(Examples.pool());
    cluster.addFinalizer(Examples.pool());
  }

  @Test
  void aUsablePoolIsReadyAndShowsItsCapacityUseAndHealth() {
    ceph.report(new PoolFacts("f51d", 100 * GIB, 900 * GIB, PoolFacts.Health.OK, List.of()));
    StoragePool.Status status = pass();
    assertThat(status.isReady()).isTrue();
    assertThat(status.capacity()).isEqualTo("1000Gi");
    assertThat(status.used()).isEqualTo("104Gi");
    assertThat(status.provisioned()).isEqualTo("0");
    assertThat(status.health()).isEqualTo("HEALTH_OK");
    assertThat(status.fsid()).isEqualTo("f51d");
  }

  @Test
  void aWarningOfCephIsShownAndDoesNotStopThePool() {
    ceph.report(
        new PoolFacts("f51d", 0, GIB, PoolFacts.Health.WARN, List.of("OSD_DOWN: 1 osds down")));
    assertThat(pass().isReady()).isTrue();
    assertThat(ready().message()).contains("HEALTH_WARN", "1 osds down");
  }

  @Test
  void aLittleMoreUseIsNotWrittenAgain() {
    ceph.report(new PoolFacts("f51d", 100 * GIB, 900 * GIB, PoolFacts.Health.OK, List.of()));
    pass();
    long writes = cluster.writes();
    ceph.report(
        new PoolFacts("f51d", 100 * GIB + 4096, 900 * GIB - 4096, PoolFacts.Health.OK, List.of()));
    pass();
    assertThat(cluster.writes()).isEqualTo(writes);
  }

  @Test
  void provisionedIsTheSumOfTheVolumes() {
    volume("a", 3 * GIB);
    volume("b", 4 * GIB);
    assertThat(pass().provisioned()).isEqualTo("7.0Gi");
  }

  @Test
  void imagesOfNoVolumeAreCountedAsForeign() {
    volume("a", GIB);
    Volume volume = cluster.list(Volume.class).getFirst();
    ceph.create(RbdNames.volume(volume.getMetadata().getUid()), GIB);
    ceph.create("legacy", GIB);
    assertThat(pass().foreignImages()).isEqualTo(1);
  }

  @Test
  void aKeyThatLacksAPermissionIsNotReadyAndSaysWhatToGrant() {
    ceph.lacking(new MissingGrant("block a failed host", "ceph auth caps client.kumiko …"));
    assertThat(pass().isReady()).isFalse();
    assertThat(ready().reason()).isEqualTo("PermissionMissing");
    assertThat(ready().message()).contains("block a failed host", "ceph auth caps client.kumiko");
  }

  @Test
  void aMissingSecretIsNamedAndLookedForAgain() {
    cluster.delete(Examples.secret("ceph-key", Map.of()));
    assertThat(outcome().again()).isPresent();
    assertThat(ready().message()).contains("Secret blue/ceph-key does not exist");
    cluster.create(Examples.secret("ceph-key", Map.of("key", "AQB=")));
    assertThat(pass().isReady()).isTrue();
  }

  @Test
  void aMissingPoolAndAWrongKeySayWhatToDo() {
    ceph.failing(new CephException(CephException.Reason.MISSING, "open pool rbd: not found"));
    pass();
    assertThat(ready().reason()).isEqualTo("PoolNotFound");
    assertThat(ready().message()).contains("ceph osd pool create rbd");
    ceph.failing(new CephException(CephException.Reason.DENIED, "connect: refused"));
    pass();
    assertThat(ready().reason()).isEqualTo("KeyRefused");
    assertThat(ready().message()).contains("Secret ceph-key");
  }

  @Test
  void aSilentClusterIsUnknownNotAbsent() {
    pass();
    ceph.silent();
    pass();
    assertThat(ready().status()).isEqualTo("Unknown");
    assertThat(stored().observed().waitingFor()).extracting("kind").containsExactly("Endpoint");
  }

  @Test
  void isKeptWhileAVolumeIsInIt() {
    volume("a", GIB);
    cluster.delete(Examples.pool());
    assertThat(outcome().released()).isFalse();
    assertThat(ready().message()).contains("Volume blue/a");
    cluster.delete(Examples.blankVolume("a", "1Gi"));
    ceph.silent();
    assertThat(outcome().released()).isTrue();
  }

  private void volume(String name, long sizeBytes) {
    cluster.create(Examples.blankVolume(name, "1Gi"));
    Volume volume = cluster.get(Volume.class, Examples.NAMESPACE, name).orElseThrow();
    volume.setStatus(
        new Volume.Status(
            1L, List.of(), List.of(), List.of(), null, sizeBytes, null, null, null, null));
    cluster.updateStatus(volume);
  }

  private StoragePool.Status pass() {
    outcome();
    return stored().observed();
  }

  private Loop.Outcome<StoragePool> outcome() {
    return new Loop<>(kind, cluster, InstantSource.system(), (_, _, work) -> work.run())
        .reconcile(stored());
  }

  private Condition ready() {
    return stored().observed().condition(Condition.READY).orElseThrow();
  }

  private StoragePool stored() {
    return cluster.get(StoragePool.class, "", Examples.POOL).orElseThrow();
  }
}
