package dev.kumiko.storage.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.reconcile.Conflict;
import dev.kumiko.storage.Examples;
import dev.kumiko.storage.ceph.CephClient;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Fence.Guests;
import dev.kumiko.v1alpha1.Fence.Stage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What one pool says or does not say, beside another. */
final class FenceInTwoPoolsTest {
  private static final CephClient ON_H1 = new CephClient("10.78.0.11:0/10", 10);
  private static final CephClient ALSO_ON_H1 = new CephClient("10.78.0.11:0/11", 11);
  private static final CephClient ON_H2 = new CephClient("10.78.0.12:0/20", 20);
  private final TwoPools suspected = new TwoPools(Stage.Suspected);
  private final TwoPools givenUp = new TwoPools(Stage.GivenUp);

  @Test
  void oneGuestThatAnswersIsAHostThatLives() {
    suspected.guest("a", suspected.vms, ON_H1);
    suspected.guest("b", suspected.fast, ALSO_ON_H1);
    suspected.vms.freeze(ON_H1);
    assertThat(suspected.pass().guests()).isEqualTo(Guests.Answering);
    suspected.fast.freeze(ALSO_ON_H1);
    assertThat(suspected.pass().guests()).isEqualTo(Guests.Silent);
  }

  @Test
  void whoAnswersFromAnotherHostSaysNothingAboutThisOne() {
    suspected.guest("a", suspected.vms, ON_H2);
    assertThat(suspected.pass().guests()).isEqualTo(Guests.Silent);
  }

  @Test
  void onePoolThatAnswersIsEnoughToHearSilence() {
    suspected.guest("a", suspected.vms, ON_H1);
    suspected.guest("b", suspected.fast, ALSO_ON_H1);
    suspected.vms.silent();
    assertThat(suspected.pass().guests()).isEqualTo(Guests.Answering);
    suspected.fast.freeze(ALSO_ON_H1);
    assertThat(suspected.pass().guests()).isEqualTo(Guests.Silent);
    suspected.fast.silent();
    assertThat(suspected.pass().guests()).as("what was heard before is old").isNull();
  }

  @Test
  void manyGuestsInABrokenPoolHideNoneInAnother() {
    for (int i = 0; i < 20; i++) {
      suspected.guest("a" + i, suspected.vms, ON_H1);
    }
    suspected.guest("b", suspected.fast, ALSO_ON_H1);
    suspected.vms.silent();
    assertThat(suspected.pass().guests()).isEqualTo(Guests.Answering);
  }

  @Test
  void whatIsHeardAgainIsNotWrittenAgain() {
    suspected.guest("a", suspected.vms, ON_H1);
    suspected.pass();
    long writes = suspected.cluster.writes();
    suspected.pass();
    assertThat(suspected.cluster.writes()).isEqualTo(writes);
    assertThat(suspected.outcome().again()).contains(Duration.ofSeconds(1));
  }

  @Test
  void aBrokenPoolIsNamedAndHoldsNoOtherUp() {
    givenUp.fast.silent();
    Fence.Status status = givenUp.pass();
    assertThat(status.pools())
        .containsExactly(new Fence.PoolState("fast", false), new Fence.PoolState("vms", true));
    assertThat(status.waitingFor()).extracting(w -> w.name()).containsExactly("ceph/fast");
    assertThat(givenUp.blocked(givenUp.vms)).containsExactly("10.78.0.11:0/0");
    assertThat(givenUp.outcome().again()).contains(Duration.ofSeconds(1));
  }

  @Test
  void whatSomebodyLetInByHandIsRefusedAgain() {
    givenUp.pass();
    givenUp.vms.unblock("10.78.0.11");
    assertThat(givenUp.outcome().again()).as("nobody tells of it").contains(Duration.ofSeconds(10));
    assertThat(givenUp.blocked(givenUp.vms)).containsExactly("10.78.0.11:0/0");
  }

  @Test
  void aPoolThatIsNotSeenToLetTheHostInHoldsOnlyTheFence() {
    givenUp.pass();
    givenUp.release();
    givenUp.fast.silent();
    assertThat(givenUp.outcome().released()).isFalse();
    assertThat(givenUp.vms.blocklist()).isEmpty();
    assertThat(givenUp.stored().observed().pools())
        .containsExactly(new Fence.PoolState("fast", true), new Fence.PoolState("vms", false));
    assertThat(givenUp.stored().observed().waitingFor())
        .extracting(w -> w.name() + " " + w.reason())
        .containsExactly("ceph/fast PoolStillRefusing");
    givenUp.fast.answering();
    assertThat(givenUp.outcome().released()).isTrue();
    assertThat(givenUp.fast.blocklist()).isEmpty();
  }

  @Test
  void aHostThatFailsAgainBeforeEveryPoolLetItInHasItsGuestsAskedAgain() {
    givenUp.guest("a", givenUp.vms, ON_H1);
    letInByOnePool();
    givenUp.again(Stage.Suspected);
    Fence.Status status = givenUp.pass();
    assertThat(status.guests()).isEqualTo(Guests.Answering);
    assertThat(status.pools())
        .containsExactly(new Fence.PoolState("fast", true), new Fence.PoolState("vms", false));
    givenUp.vms.freeze(ON_H1);
    assertThat(givenUp.pass().guests()).isEqualTo(Guests.Silent);
  }

  @Test
  void whileAHostIsSuspectedAgainNoPoolLetsItInAndItsFenceStays() {
    letInByOnePool();
    givenUp.again(Stage.Suspected);
    givenUp.fast.answering();
    assertThat(givenUp.outcome().released()).isFalse();
    assertThat(givenUp.blocked(givenUp.fast)).containsExactly("10.78.0.11:0/0");
  }

  @Test
  void aHostThatIsGivenUpAgainIsRefusedByThePoolThatHadLetItIn() {
    letInByOnePool();
    givenUp.again(Stage.GivenUp);
    Fence.Status status = givenUp.pass();
    assertThat(givenUp.blocked(givenUp.vms)).containsExactly("10.78.0.11:0/0");
    assertThat(status.pools())
        .containsExactly(new Fence.PoolState("fast", false), new Fence.PoolState("vms", true));
    assertThat(givenUp.stored().isRefused()).isFalse();
    givenUp.fast.answering();
    assertThat(givenUp.outcome().released()).isFalse();
    assertThat(givenUp.stored().isRefused()).isTrue();
    givenUp.release();
    assertThat(givenUp.outcome().released()).isTrue();
    assertThat(givenUp.vms.blocklist()).isEmpty();
    assertThat(givenUp.fast.blocklist()).isEmpty();
  }

  @Test
  void aHostIsNotLetInOnTheWordOfACache() {
    letInByOnePool();
    givenUp.fast.answering();
    givenUp.before = () -> givenUp.again(Stage.GivenUp);
    assertThatThrownBy(givenUp::outcome).isInstanceOf(Conflict.class);
    assertThat(givenUp.blocked(givenUp.fast)).containsExactly("10.78.0.11:0/0");
  }

  private void letInByOnePool() {
    givenUp.pass();
    givenUp.release();
    givenUp.fast.silent();
    givenUp.pass();
    assertThat(givenUp.vms.blocklist()).isEmpty();
  }

  @Test
  void anAddressThatAnotherFenceKeepsOutStaysOut() {
    givenUp.cluster.create(Examples.fence("h2", Stage.GivenUp, "10.78.0.11"));
    givenUp.pass();
    givenUp.release();
    assertThat(givenUp.outcome().released()).isTrue();
    assertThat(givenUp.blocked(givenUp.vms)).containsExactly("10.78.0.11:0/0");
  }

  @Test
  void whatCephItselfShutsOutStaysOut() {
    givenUp.pass();
    givenUp.vms.block("10.78.0.11:6801/88");
    givenUp.release();
    assertThat(givenUp.outcome().released()).isTrue();
    assertThat(givenUp.blocked(givenUp.vms)).containsExactly("10.78.0.11:6801/88");
  }

  @Test
  void aHostThatWasOnlySuspectedIsFreeWithoutAskingAnybody() {
    suspected.vms.block(ON_H1.address());
    suspected.vms.silent();
    suspected.cluster.delete(suspected.stored());
    assertThat(suspected.outcome().released()).isTrue();
    suspected.vms.answering();
    assertThat(suspected.blocked(suspected.vms)).containsExactly(ON_H1.address());
  }
}
