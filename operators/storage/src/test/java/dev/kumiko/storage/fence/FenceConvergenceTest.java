package dev.kumiko.storage.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.reconcile.Conflict;
import dev.kumiko.reconcile.ConvergenceHarness;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.Loop;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.storage.Examples;
import dev.kumiko.storage.PoolScenario;
import dev.kumiko.storage.ceph.CephClient;
import dev.kumiko.storage.ceph.InMemoryCephPool;
import dev.kumiko.storage.ceph.RbdNames;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Fence.Guests;
import dev.kumiko.v1alpha1.Fence.Stage;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing on a host that was given up may write; nothing is taken from one that is suspected. */
final class FenceConvergenceTest extends ConvergenceHarness<Fence> {
  private static final String ADDRESS = "10.78.0.11";
  private static final CephClient GUEST = new CephClient(ADDRESS + ":0/10", 10);
  private static final CephClient OTHER = new CephClient("10.78.0.12:0/20", 20);
  private final World world = new World(Stage.Suspected);

  @Override
  protected Scenario<Fence> scenario() {
    return new World(Stage.GivenUp);
  }

  @Test
  void aGuestThatAnswersIsASignOfLife() {
    world.attach();
    world.pool().open(world.image, GUEST);
    world.create();
    assertThat(world.pass().observed().guests()).isEqualTo(Guests.Answering);
    assertThat(world.pool().blocklist()).isEmpty();
  }

  @Test
  void aGuestThatStandsStillIsNone() {
    world.attach();
    world.pool().open(world.image, GUEST);
    world.pool().open(world.image, OTHER);
    world.pool().freeze(GUEST);
    world.create();
    assertThat(world.pass().observed().guests()).isEqualTo(Guests.Silent);
    world.pool().thaw(GUEST);
    assertThat(world.pass().observed().guests()).isEqualTo(Guests.Answering);
  }

  @Test
  void aHostWithoutGuestsHasNoneToAsk() {
    world.create();
    assertThat(world.pass().observed().guests()).isEqualTo(Guests.None);
  }

  @Test
  void aPoolThatDoesNotAnswerSaysNothingAboutGuests() {
    world.attach();
    world.pool().open(world.image, GUEST);
    world.create();
    world.pool().silent();
    Fence.Status status = world.pass().observed();
    assertThat(status.guests()).isNull();
    assertThat(status.condition(Condition.READY).orElseThrow().reason()).isEqualTo("GuestsUnknown");
  }

  @Test
  void aHostThatWasGivenUpIsRefusedByEveryPool() {
    World given = new World(Stage.GivenUp);
    given.create();
    Fence.Status status = given.pass().observed();
    assertThat(status.isReady()).isTrue();
    assertThat(status.pools()).containsExactly(new Fence.PoolState(Examples.POOL, true));
    assertThat(given.pool().blocklist()).anyMatch(entry -> entry.coversHost(ADDRESS));
  }

  @Test
  void aPoolThatDoesNotAnswerIsNamed() {
    World given = new World(Stage.GivenUp);
    given.create();
    given.pool().silent();
    Fence.Status status = given.pass().observed();
    assertThat(status.isReady()).isFalse();
    assertThat(status.pools()).containsExactly(new Fence.PoolState(Examples.POOL, false));
    assertThat(status.waitingFor()).extracting(w -> w.reason()).containsExactly("PoolNotRefusing");
  }

  @Test
  void aFenceThatIsDeletedBeforeItsTimeGoesOnRefusing() {
    World given = new World(Stage.GivenUp);
    given.create();
    given.pass();
    given.cluster().delete(given.stored());
    given.pool().unblock(ADDRESS);
    Fence.Status status = given.pass().observed();
    assertThat(given.pool().blocklist()).anyMatch(entry -> entry.coversHost(ADDRESS));
    assertThat(status.condition(Condition.READY).orElseThrow().reason()).isEqualTo("NotReleased");
  }

  @Test
  void aHostThatIsLetInAgainIsRefusedNoMoreAndItsGuestsOfBeforeStillAre() {
    World given = new World(Stage.GivenUp);
    given.create();
    given.pass();
    given.pool().block(GUEST.address());
    given.pool().block(OTHER.address());
    given.release();
    assertThat(given.outcome(given.stored()).released()).isTrue();
    assertThat(given.pool().blocklist())
        .extracting(entry -> entry.address())
        .containsExactly(GUEST.address(), OTHER.address());
  }

  @Test
  void aPoolThatDoesNotAnswerKeepsTheFence() {
    World given = new World(Stage.GivenUp);
    given.create();
    given.pass();
    given.release();
    given.pool().silent();
    assertThat(given.outcome(given.stored()).released()).isFalse();
    given.pool().answering();
    assertThat(given.outcome(given.stored()).released()).isTrue();
  }

  @Test
  void aHostIsNotRefusedOnTheWordOfACache() {
    World given = new World(Stage.GivenUp);
    given.create();
    Fence stale = given.stored();
    given.release();
    assertThatThrownBy(() -> given.outcome(stale)).isInstanceOf(Conflict.class);
    assertThat(given.pool().blocklist()).isEmpty();
  }

  @Test
  void withoutAnAddressNothingIsClaimed() {
    World given = new World(Stage.GivenUp, List.of());
    given.create();
    assertThat(given.pass().observed().waitingFor())
        .extracting(w -> w.reason())
        .containsExactly("NoStorageAddress");
  }

  /** One host and one volume. */
  private static final class World extends PoolScenario<Fence> {
    final String image;
    private final Fence fence = new Fence();

    World(Stage stage) {
      this(stage, List.of(ADDRESS));
    }

    World(Stage stage, List<String> addresses) {
      cluster().create(Examples.host("h1", ADDRESS));
      cluster().create(Examples.blankVolume("data", "1Gi"));
      Volume volume = cluster().get(Volume.class, Examples.NAMESPACE, "data").orElseThrow();
      image = RbdNames.volume(volume.getMetadata().getUid());
      ceph.create(image, 1 << 30);
      fence.setMetadata(new ObjectMetaBuilder().withName("h1").build());
      fence.setSpec(new Fence.Spec(stage, addresses, false, null, null, "silence"));
    }

    InMemoryCephPool pool() {
      return ceph;
    }

    void attach() {
      cluster().create(Examples.attachment("data", 7, "h1"));
    }

    void create() {
      cluster().create(resource());
      cluster().addFinalizer(stored());
    }

    void release() {
      Fence released = stored();
      released.setSpec(released());
      cluster().apply(released);
      cluster().delete(stored());
    }

    Fence stored() {
      return cluster().get(Fence.class, "", "h1").orElseThrow();
    }

    Fence pass() {
      outcome(stored());
      return stored();
    }

    Loop.Outcome<Fence> outcome(Fence from) {
      return new Loop<>(
              (FenceKind) kind(), cluster(), InstantSource.system(), (_, _, work) -> work.run())
          .reconcile(from);
    }

    @Override
    public Kind<Fence, ?, ?, ?> kind() {
      return new FenceKind(cluster(), _ -> ceph);
    }

    @Override
    public Fence resource() {
      return new io.fabric8.kubernetes.client.utils.KubernetesSerialization().clone(fence);
    }

    /** Compute lets go of a Fence that is to go: the host is back. */
    @Override
    public void neighbours() {
      cluster().list(Fence.class).stream()
          .filter(f -> f.getMetadata().getDeletionTimestamp() != null && !f.getSpec().released())
          .forEach(f -> {
            f.setSpec(released());
            cluster().apply(f);
          });
    }

    private static Fence.Spec released() {
      return new Fence.Spec(Stage.GivenUp, List.of(ADDRESS), true, null, null, "silence");
    }

    @Override
    public Object world() {
      return blocked();
    }

    private List<String> blocked() {
      return ceph.blocklist().stream().map(entry -> entry.address()).toList();
    }

    @Override
    public Object emptyWorld() {
      return List.of();
    }
  }
}
