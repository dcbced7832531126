package dev.kumiko.storage.attachment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.reconcile.Conflict;
import dev.kumiko.reconcile.ConvergenceHarness;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.Loop;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.reconcile.Watch;
import dev.kumiko.storage.Examples;
import dev.kumiko.storage.PoolScenario;
import dev.kumiko.storage.ceph.CephClient;
import dev.kumiko.storage.ceph.RbdNames;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.Volume;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A grant follows what is seen in Ceph, and nothing else. */
final class AttachmentConvergenceTest extends ConvergenceHarness<Attachment> {
  private static final CephClient OLD_ON_H2 = new CephClient("10.78.0.12:0/20", 20);
  private static final CephClient GUEST_ON_H1 = new CephClient("10.78.0.11:0/10", 10);

  /** A guest died on h2 with the lock; the next one is to start on h1. */
  @Override
  protected Scenario<Attachment> scenario() {
    World world = new World();
    world.pool().lock(world.image, OLD_ON_H2);
    return world;
  }

  @Test
  void isGrantedForTheHostsAndTheEpochOfTheSpec() {
    World world = new World();
    world.create();
    Attachment.Status status = world.pass().observed();
    assertThat(status.isReady()).isTrue();
    assertThat(status.grantedHosts()).containsExactly("h1");
    assertThat(status.grantedEpoch()).isEqualTo(7);
    assertThat(status.condition("Granted").orElseThrow().isTrue()).isTrue();
  }

  @Test
  void isNotGrantedWhileAnotherHostHasTheVolumeOpen() {
    World world = new World();
    world.pool().open(world.image, OLD_ON_H2);
    world.create();
    Attachment.Status status = world.pass().observed();
    assertThat(status.isReady()).isFalse();
    assertThat(status.grantedHosts()).isEmpty();
    assertThat(status.grantedEpoch()).isNull();
    assertThat(status.condition(Condition.READY).orElseThrow().message())
        .contains("open on host h2")
        .doesNotContain("10.78.0.12");
  }

  @Test
  void isGrantedOnceTheOtherHostIsBlocked() {
    World world = new World();
    world.pool().open(world.image, OLD_ON_H2);
    world.create();
    world.pass();
    world.pool().block("10.78.0.12");
    assertThat(world.pass().observed().isReady()).isTrue();
  }

  @Test
  void aRunningGuestKeepsItsOldGrantWhileTheOtherEndOfAMigrationIsStillOpen() {
    World world = new World();
    world.resource.setSpec(new Attachment.Spec("data", "web", List.of("h1", "h2"), 7L));
    world.create();
    world.pass();
    world.pool().open(world.image, OLD_ON_H2);
    world.pool().open(world.image, GUEST_ON_H1);
    Attachment narrowed = world.stored();
    narrowed.setSpec(new Attachment.Spec("data", "web", List.of("h1"), 7L));
    world.cluster().apply(narrowed);
    Attachment.Status during = world.pass().observed();
    assertThat(during.isReady()).isFalse();
    assertThat(during.grantedHosts()).containsExactly("h1", "h2");
    world.pool().leave(world.image, OLD_ON_H2);
    Attachment.Status after = world.pass().observed();
    assertThat(after.isReady()).isTrue();
    assertThat(after.grantedHosts()).containsExactly("h1");
  }

  @Test
  void aGuestThatItsHostForgotIsShutOutBeforeTheNextStartIsGranted() {
    World world = new World();
    world.create();
    world.pass();
    world.pool().open(world.image, GUEST_ON_H1);
    Attachment next = world.stored();
    next.setSpec(new Attachment.Spec("data", "web", List.of("h1"), 8L));
    world.cluster().apply(next);
    assertThat(world.pass().observed().grantedEpoch()).isEqualTo(8);
    assertThat(world.pool().blocklist()).anyMatch(entry -> entry.covers(GUEST_ON_H1));
  }

  @Test
  void nothingIsShutOutForWhatALeaderBeforeThisOneGranted() {
    World world = new World();
    world.create();
    world.pass();
    world.pool().open(world.image, GUEST_ON_H1);
    Attachment stale = world.stored();
    stale.setStatus(null);
    assertThatThrownBy(() -> world.outcome(stale)).isInstanceOf(Conflict.class);
    assertThat(world.pool().blocklist()).isEmpty();
  }

  /** A key that may block nobody shows in the pool; who runs by then goes on. */
  @Test
  void noStartIsGrantedOnAPoolThatIsNotReady() {
    World world = new World();
    world.create();
    world.pass();
    world.poolIsReady("False");
    assertThat(world.pass().observed().isReady()).isTrue();
    Attachment next = world.stored();
    next.setSpec(new Attachment.Spec("data", "web", List.of("h1"), 8L));
    world.cluster().apply(next);
    assertThat(world.pass().observed().waitingFor().getFirst().reason())
        .isEqualTo("StoragePoolNotReady");
    world.poolIsReady("Unknown");
    assertThat(world.pass().observed().grantedEpoch()).isEqualTo(8);
  }

  @Test
  void aVolumeThatIsHeldForItsMachineIsGrantedToItsNextStart() {
    World world = new World();
    world.create();
    world.pass();
    Volume volume = world.cluster().get(Volume.class, Examples.NAMESPACE, "data").orElseThrow();
    world.cluster().addFinalizer(volume);
    world.cluster().delete(volume);
    Attachment next = world.stored();
    next.setSpec(new Attachment.Spec("data", "web", List.of("h1"), 8L));
    world.cluster().apply(next);
    assertThat(world.pass().observed().grantedEpoch()).isEqualTo(8);
  }

  @Test
  void aNewStartIsNotGrantedWhileTheGuestOfTheLastRunsElsewhere() {
    World world = new World();
    world.create();
    world.pass();
    world.pool().open(world.image, GUEST_ON_H1);
    Attachment next = world.stored();
    next.setSpec(new Attachment.Spec("data", "web", List.of("h2"), 8L));
    world.cluster().apply(next);
    Attachment.Status status = world.pass().observed();
    assertThat(status.grantedHosts()).isEmpty();
    assertThat(status.openOn()).isEqualTo("host h1");
    assertThat(world.pool().blocklist()).isEmpty();
  }

  @Test
  void losesItsGrantWhenAStrangerIsThereAndNoGuestOfItsOwn() {
    World world = new World();
    world.create();
    world.pass();
    world.pool().open(world.image, OLD_ON_H2);
    Attachment.Status beside = world.pass().observed();
    assertThat(beside.grantedHosts()).isEmpty();
    world.pool().leave(world.image, OLD_ON_H2);
    world.pool().open(world.image, GUEST_ON_H1);
    assertThat(world.pass().observed().grantedHosts()).containsExactly("h1");
    assertThat(world.pool().blocklist()).as("a guest that was away for a moment").isEmpty();
  }

  @Test
  void keepsItsGrantBesideAStrangerWhileItsGuestIsAtWork() {
    World world = new World();
    world.create();
    world.pass();
    world.pool().open(world.image, GUEST_ON_H1);
    world.pool().open(world.image, OLD_ON_H2);
    Attachment.Status during = world.pass().observed();
    assertThat(during.isReady()).isFalse();
    assertThat(during.grantedHosts()).containsExactly("h1");
    assertThat(during.grantedEpoch()).isEqualTo(7);
  }

  @Test
  void staysUntilNobodyIsSeenAndSaysWho() {
    World world = new World();
    world.create();
    world.pass();
    world.pool().open(world.image, GUEST_ON_H1);
    world.cluster().delete(world.stored());
    Attachment held = world.pass();
    assertThat(held.observed().grantedHosts()).isEmpty();
    assertThat(held.observed().condition(Condition.READY).orElseThrow().message())
        .contains("open on host h1");
    world.pool().leave(world.image, GUEST_ON_H1);
    assertThat(world.outcome().released()).isTrue();
  }

  @Test
  void isNotGrantedOnAHostThatWasGivenUp() {
    World world = new World();
    world.create();
    world.pass();
    world.giveUp("h1", "10.78.0.11");
    Attachment.Status revoked = world.pass().observed();
    assertThat(revoked.grantedHosts()).isEmpty();
    assertThat(revoked.waitingFor()).extracting(w -> w.reason()).containsExactly("HostFenced");
  }

  @Test
  void aRunningGuestKeepsItsGrantWhenTheTargetOfItsMoveIsGivenUp() {
    World world = new World();
    world.resource.setSpec(new Attachment.Spec("data", "web", List.of("h1", "h2"), 7L));
    world.create();
    world.pass();
    world.pool().open(world.image, GUEST_ON_H1);
    world.giveUp("h2", "10.78.0.12");
    world.pool().block("10.78.0.12");
    Attachment.Status during = world.pass().observed();
    assertThat(during.grantedHosts()).containsExactly("h1");
    assertThat(during.grantedEpoch()).isEqualTo(7L);
    assertThat(during.waitingFor()).extracting(w -> w.reason()).containsExactly("HostFenced");
    Attachment narrowed = world.stored();
    narrowed.setSpec(new Attachment.Spec("data", "web", List.of("h1"), 7L));
    world.cluster().apply(narrowed);
    assertThat(world.pass().observed().isReady()).isTrue();
    assertThat(world.pool().blocklist()).noneMatch(entry -> entry.covers(GUEST_ON_H1));
  }

  /** It may be frozen at the target, or have lost Ceph where it was for a moment only. */
  @Test
  void aGuestThatIsNotSeenWhenItsTargetIsGivenUpHasNoGrantAndIsNoStrangerAfterwards() {
    World world = new World();
    world.resource.setSpec(new Attachment.Spec("data", "web", List.of("h1", "h2"), 7L));
    world.create();
    world.pass();
    world.giveUp("h2", "10.78.0.12");
    world.pool().block("10.78.0.12");
    assertThat(world.pass().observed().grantedHosts()).isEmpty();
    assertThat(world.stored().observed().condition("Granted").orElseThrow().isFalse()).isTrue();
    world.pool().open(world.image, GUEST_ON_H1);
    Attachment narrowed = world.stored();
    narrowed.setSpec(new Attachment.Spec("data", "web", List.of("h1"), 7L));
    world.cluster().apply(narrowed);
    assertThat(world.pass().observed().grantedHosts()).containsExactly("h1");
    assertThat(world.pool().blocklist()).noneMatch(entry -> entry.covers(GUEST_ON_H1));
  }

  /** Its source stands still, so that whoever sees the grant lets it run. */
  @Test
  void isNotNarrowedToTheSourceOfAMoveBeforeThePoolRefusesTheTargetThatWasGivenUp() {
    World world = new World();
    world.resource.setSpec(new Attachment.Spec("data", "web", List.of("h1", "h2"), 7L));
    world.create();
    world.pass();
    world.pool().open(world.image, GUEST_ON_H1);
    world.pool().open(world.image, OLD_ON_H2);
    world.giveUp("h2", "10.78.0.12");
    world.pass();
    Attachment narrowed = world.stored();
    narrowed.setSpec(new Attachment.Spec("data", "web", List.of("h1"), 7L));
    world.cluster().apply(narrowed);
    assertThat(world.pass().observed().grantedHosts()).isNotEqualTo(List.of("h1"));
    world.pool().leave(world.image, OLD_ON_H2);
    assertThat(world.pass().observed().grantedHosts()).isNotEqualTo(List.of("h1"));
    world.pool().block("10.78.0.12");
    assertThat(world.pass().observed().grantedHosts()).containsExactly("h1");
  }

  /** One that was handed over and froze there opens its disk again when it thaws. */
  @Test
  void noNextStartIsGrantedBeforeThePoolRefusesTheTargetThatWasGivenUp() {
    World world = new World();
    world.resource.setSpec(new Attachment.Spec("data", "web", List.of("h1", "h2"), 7L));
    world.create();
    world.pass();
    world.giveUp("h2", "10.78.0.12");
    world.pass();
    Attachment next = world.stored();
    next.setSpec(new Attachment.Spec("data", "web", List.of("h1"), 8L));
    world.cluster().apply(next);
    assertThat(world.pass().observed().grantedEpoch()).isNotEqualTo(8L);
    world.pool().block("10.78.0.12");
    assertThat(world.pass().observed().grantedEpoch()).isEqualTo(8L);
  }

  /** What its pools were seen to refuse while it was shut is not what lets it in. */
  @Test
  void isNotGrantedToAHostThatIsBackBeforeItsPoolWasLookedAtAgain() {
    World world = new World();
    world.giveUp("h1", "10.78.0.11");
    world.letIn("h1", new Fence.PoolState(Examples.POOL, false));
    Fence early = world.cluster().get(Fence.class, "", "h1").orElseThrow();
    early.setStatus(
        new Fence.Status(
            1L,
            List.of(),
            List.of(),
            List.of(),
            null,
            List.of(new Fence.PoolState(Examples.POOL, false))));
    world.cluster().updateStatus(early);
    world.create();
    assertThat(world.pass().observed().grantedHosts()).isEmpty();
  }

  @Test
  void isNotGrantedToAHostThatIsSuspectedAgainWhileItsPoolKeepsItOut() {
    World world = new World();
    world.giveUp("h1", "10.78.0.11");
    world.letIn("h1", new Fence.PoolState(Examples.POOL, true));
    Fence again = world.cluster().get(Fence.class, "", "h1").orElseThrow();
    Fence.Spec s = again.getSpec();
    again.setSpec(
        new Fence.Spec(
            Fence.Stage.Suspected, s.addresses(), true, s.silentSince(), s.givenUpAt(), "again"));
    world.cluster().replace(again);
    world.create();
    assertThat(world.pass().observed().grantedHosts()).isEmpty();
  }

  /** A pool that is not seen for a moment may refuse anybody, for all that is known. */
  @Test
  void aRunningGuestKeepsItsGrantWhileItsPoolIsNotSeenToLetItsHostIn() {
    World world = new World();
    world.giveUp("h1", "10.78.0.11");
    world.letIn("h1", new Fence.PoolState(Examples.POOL, false), new Fence.PoolState("fast", true));
    world.create();
    world.pass();
    world.letIn("h1", new Fence.PoolState(Examples.POOL, true), new Fence.PoolState("fast", true));
    assertThat(world.pass().observed().grantedHosts()).containsExactly("h1");
    assertThat(world.stored().observed().isReady()).isTrue();
  }

  /** A frozen guest opens its disk again when it thaws. */
  @Test
  void aWatchThatTimedOutOnAHostThatWasGivenUpProvesNothing() {
    World world = new World();
    world.create();
    world.pass();
    world.giveUp("h1", "10.78.0.11");
    world.pass();
    world.cluster().delete(world.stored());
    assertThat(world.outcome().released()).isFalse();
    assertThat(world.stored().observed().condition(Condition.READY).orElseThrow().reason())
        .isEqualTo("HostFenced");
    world.pool().block("10.78.0.11");
    assertThat(world.outcome().released()).isTrue();
  }

  @Test
  void staysWhileCephDoesNotAnswer() {
    World world = new World();
    world.create();
    world.pass();
    world.cluster().delete(world.stored());
    world.pool().silent();
    assertThat(world.outcome().released()).isFalse();
    world.pool().answering();
    assertThat(world.outcome().released()).isTrue();
  }

  @Test
  void goesWhenEveryClientLeftIsBlocked() {
    World world = new World();
    world.create();
    world.pass();
    world.pool().open(world.image, GUEST_ON_H1);
    world.cluster().delete(world.stored());
    assertThat(world.outcome().released()).isFalse();
    world.pool().block("10.78.0.11");
    assertThat(world.outcome().released()).isTrue();
  }

  @Test
  void goesWhenItsVolumeWasNeverMadeBecauseItsPoolNeverExisted() {
    World world = new World();
    Volume adrift = Examples.blankVolume("adrift", "1Gi");
    adrift.setSpec(new Volume.Spec("nowhere", "1Gi", null, Volume.DeletionPolicy.Delete));
    world.cluster().create(adrift);
    world.cluster().create(Examples.attachment("adrift", 1, "h1"));
    Attachment attachment =
        world.cluster().get(Attachment.class, Examples.NAMESPACE, "adrift").orElseThrow();
    assertThat(world.outcome(attachment).released()).isFalse();
    attachment.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
    assertThat(world.kind().desire(attachment)).isInstanceOf(Desired.Absent.class);
  }

  @Test
  void aHostWithoutAStorageAddressIsNamed() {
    World world = new World();
    world.resource.setSpec(new Attachment.Spec("data", "web", List.of("bare"), 1L));
    world.create();
    Attachment.Status status = world.pass().observed();
    assertThat(status.waitingFor())
        .extracting("kind", "name")
        .containsExactly(org.assertj.core.groups.Tuple.tuple("Host", "bare"));
    assertThat(status.waitingFor().getFirst().message()).contains("spec.storageAddresses");
  }

  @Test
  void losesItsGrantToAFenceAlsoWhileItsPoolIsSilentAndItsVolumeIsNotReady() {
    World world = new World();
    world.create();
    world.pass();
    world.giveUp("h1", "10.78.0.11");
    world.pool().silent();
    Volume volume = world.cluster().get(Volume.class, Examples.NAMESPACE, "data").orElseThrow();
    volume.setStatus(Volume.Status.empty());
    world.cluster().updateStatus(volume);
    assertThat(world.pass().observed().grantedHosts()).isEmpty();
  }

  @Test
  void keepsItsGrantWhileItsHostIsOnlySuspected() {
    World world = new World();
    world.create();
    world.cluster().create(Examples.fence("h1", Fence.Stage.Suspected, "10.78.0.11"));
    assertThat(world.pass().observed().grantedHosts()).containsExactly("h1");
    world.cluster().delete(world.stored());
    assertThat(world.outcome().released()).isTrue();
  }

  @Test
  void aFenceOfAHostThatItDoesNotNameIsNothingToIt() {
    World world = new World();
    world.create();
    world.giveUp("h2", "10.78.0.12");
    assertThat(world.pass().observed().isReady()).isTrue();
    world.cluster().delete(world.stored());
    assertThat(world.outcome().released()).isTrue();
  }

  @Test
  void staysUntilEveryAddressOfAHostThatWasGivenUpIsRefused() {
    World world = new World();
    world.create();
    world.pass();
    world.giveUp("h1", "10.78.0.11", "10.78.1.11");
    world.cluster().delete(world.stored());
    world.pool().block("10.78.0.11");
    assertThat(world.outcome().released()).isFalse();
    world.pool().block("10.78.1.11");
    assertThat(world.outcome().released()).isTrue();
  }

  @Test
  void theBlockOfOneClientIsNotThatOfItsHost() {
    World world = new World();
    world.create();
    world.pass();
    world.giveUp("h1", "10.78.0.11");
    world.pool().open(world.image, GUEST_ON_H1);
    world.pool().block(GUEST_ON_H1.address());
    world.cluster().delete(world.stored());
    assertThat(world.outcome().released()).isFalse();
    world.pool().block("10.78.0.11");
    assertThat(world.outcome().released()).isTrue();
  }

  @Test
  void aHostThatHadTheGrantBeforeHoldsItTooHoweverLongItTakes() {
    World world = new World();
    world.create();
    world.pass();
    world.pool().open(world.image, GUEST_ON_H1);
    Attachment moved = world.stored();
    moved.setSpec(new Attachment.Spec("data", "web", List.of("h2"), 7L));
    world.cluster().apply(moved);
    world.cluster().delete(world.stored());
    assertThat(world.outcome().released()).as("open").isFalse();
    world.giveUp("h1", "10.78.0.11");
    world.pool().leave(world.image, GUEST_ON_H1);
    assertThat(world.outcome().released()).isFalse();
    assertThat(world.outcome().released()).isFalse();
    world.pool().block("10.78.0.11");
    assertThat(world.outcome().released()).isTrue();
  }

  @Test
  void aHostWithoutAnAddressIsRefusedByNobody() {
    World world = new World();
    world.create();
    world.pass();
    world.giveUp("h1");
    world.cluster().delete(world.stored());
    assertThat(world.outcome().released()).isFalse();
    Fence fence = world.cluster().get(Fence.class, "", "h1").orElseThrow();
    world.cluster().replace(Examples.released(fence));
    assertThat(world.outcome().released()).isTrue();
  }

  @Test
  void aHostThatIsBackMayWriteOnceThePoolOfTheVolumeLetItIn() {
    World world = new World();
    world.giveUp("h1", "10.78.0.11");
    world.letIn("h1", new Fence.PoolState(Examples.POOL, true));
    world.create();
    assertThat(world.pass().observed().condition(Condition.READY).orElseThrow().reason())
        .isEqualTo("PoolStillRefusing");
    world.letIn("h1", new Fence.PoolState(Examples.POOL, false), new Fence.PoolState("fast", true));
    assertThat(world.pass().observed().grantedHosts()).containsExactly("h1");
  }

  @Test
  void aFenceWakesTheAttachmentsOfItsHostOnceTheHostIsGivenUp() {
    World world = new World();
    world.create();
    assertThat(world.wokenBy(Examples.fence("h1", Fence.Stage.Suspected))).isEmpty();
    assertThat(world.wokenBy(Examples.fence("h2", Fence.Stage.GivenUp))).isEmpty();
    assertThat(world.wokenBy(Examples.fence("h1", Fence.Stage.GivenUp)))
        .containsExactly(ObjectKey.of(world.stored()));
  }

  /** Two hosts and a volume that is Ready. */
  private static final class World extends PoolScenario<Attachment> {
    final Attachment resource = Examples.attachment("data", 7, "h1");
    final String image;
    private final Object before;
    private final AttachmentKind kind = new AttachmentKind(cluster(), _ -> ceph);

    World() {
      cluster().create(Examples.host("h1", "10.78.0.11"));
      cluster().create(Examples.host("h2", "10.78.0.12"));
      cluster().create(Examples.host("bare"));
      cluster().create(Examples.blankVolume("data", "1Gi"));
      Volume volume = cluster().get(Volume.class, Examples.NAMESPACE, "data").orElseThrow();
      volume.setStatus(
          Volume.Status.empty().with(1L, List.of(Examples.ready()), List.of(), List.of()));
      cluster().updateStatus(volume);
      image = RbdNames.volume(volume.getMetadata().getUid());
      ceph.create(image, 1L << 30);
      before = world();
    }

    dev.kumiko.storage.ceph.InMemoryCephPool pool() {
      return ceph;
    }

    void poolIsReady(String status) {
      StoragePool pool = cluster().get(StoragePool.class, "", Examples.POOL).orElseThrow();
      Condition ready =
          new Condition(
              Condition.READY, status, "PermissionMissing", "", "2026-01-01T00:00:00Z", 1L);
      pool.setStatus(StoragePool.Status.empty().with(1L, List.of(ready), List.of(), List.of()));
      cluster().updateStatus(pool);
    }

    void giveUp(String host, String... addresses) {
      cluster().create(Examples.fence(host, Fence.Stage.GivenUp, addresses));
    }

    /** It is back, and these pools say whether they still refuse it. */
    void letIn(String host, Fence.PoolState... pools) {
      Fence fence = cluster().get(Fence.class, "", host).orElseThrow();
      Fence released = cluster().replace(Examples.released(fence));
      released.setStatus(
          new Fence.Status(2L, List.of(), List.of(), List.of(), null, List.of(pools)));
      cluster().updateStatus(released);
    }

    @SuppressWarnings("unchecked") // the one watch of this type
    Collection<ObjectKey> wokenBy(Fence fence) {
      Watch<Fence> watch =
          (Watch<Fence>)
              kind.watches().stream()
                  .filter(w -> w.type().equals(Fence.class))
                  .findFirst()
                  .orElseThrow();
      return watch.affects().apply(fence);
    }

    void create() {
      cluster().create(resource);
      cluster().addFinalizer(resource);
    }

    Attachment stored() {
      return cluster().get(Attachment.class, Examples.NAMESPACE, "data").orElseThrow();
    }

    Attachment pass() {
      outcome();
      return stored();
    }

    Loop.Outcome<Attachment> outcome() {
      return outcome(stored());
    }

    Loop.Outcome<Attachment> outcome(Attachment attachment) {
      return new Loop<>(kind, cluster(), InstantSource.system(), (_, _, work) -> work.run())
          .reconcile(attachment);
    }

    @Override
    public Kind<Attachment, ?, ?, ?> kind() {
      return new AttachmentKind(cluster(), _ -> ceph);
    }

    @Override
    public Attachment resource() {
      return resource;
    }

    @Override
    public Object emptyWorld() {
      return before;
    }
  }
}
