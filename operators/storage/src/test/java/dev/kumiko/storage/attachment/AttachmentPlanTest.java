package dev.kumiko.storage.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSetMultimap;
import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.storage.Examples;
import dev.kumiko.storage.ceph.BlockedAddress;
import dev.kumiko.storage.ceph.CephClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AttachmentPlanTest {
  private static final CephClient ON_H1 = new CephClient("10.78.0.11:0/101", 101);
  private static final CephClient ON_H2 = new CephClient("10.78.0.12:0/202", 202);
  private static final CephClient ELSEWHERE = new CephClient("10.78.0.99:0/303", 303);

  @Test
  void aVolumeThatNobodyHasOpenNeedsNothing() {
    assertThat(plan(false, ObservedAttachment.nobody())).isEmpty();
  }

  @Test
  void aDeadClientsLockIsUnlockedByBlockingIt() {
    assertThat(plan(false, seen(List.of(), ON_H2)))
        .containsExactly("block client 202, which an earlier start left at RBD image volume-4");
  }

  @Test
  void aLockWhoseOwnerIsAtWorkIsNoObstacle() {
    assertThat(plan(true, seen(List.of(ON_H1), ON_H1))).isEmpty();
  }

  @Test
  void whatAnEarlierStartLeftOnTheHostIsShutOutBeforeTheNext() {
    assertThat(plan(false, seen(List.of(ON_H1), ON_H1)))
        .containsExactly("block client 101, which an earlier start left at RBD image volume-4");
    assertThat(plan(false, seen(List.of(ON_H1), ON_H1, "10.78.0.11:0/101"))).isEmpty();
  }

  @Test
  void whoIsOnAnotherHostIsNotShutOut() {
    assertThat(plan(false, seen(List.of(ON_H2), ON_H2))).isEmpty();
  }

  @Test
  void thisProcessNeverShutsItselfOut() {
    ObservedAttachment observed =
        new ObservedAttachment(List.of(ON_H1), Optional.of(ON_H1), List.of(), ON_H1.id(), Set.of());
    assertThat(plan(false, observed)).isEmpty();
    assertThat(AttachmentPlan.strangers(asked(false), observed)).containsExactly(ON_H1);
  }

  @Test
  void aLockWhoseOwnerIsBlockedAlreadyIsNoObstacle() {
    assertThat(plan(false, seen(List.of(), ON_H2, "10.78.0.12:0/0"))).isEmpty();
    assertThat(plan(false, seen(List.of(), ON_H2, "10.78.0.12:0/202"))).isEmpty();
  }

  @Test
  void aRunningGuestIsNeverBlockedForAHiccup() {
    assertThat(plan(true, seen(List.of(), ON_H1))).isEmpty();
  }

  @Test
  void onlyClientsOnOtherHostsAreStrangers() {
    ObservedAttachment observed = seen(List.of(ON_H1, ON_H2, ELSEWHERE), ON_H1);
    assertThat(AttachmentPlan.strangers(asked(true), observed)).containsExactly(ON_H2, ELSEWHERE);
  }

  @Test
  void aBlockedClientIsNoStrangerAnyMore() {
    ObservedAttachment observed = seen(List.of(ON_H2), ON_H2, "10.78.0.12:0/0");
    assertThat(AttachmentPlan.strangers(asked(true), observed)).isEmpty();
    assertThat(observed.live()).isEmpty();
  }

  @Test
  void theBlockOfOneClientDoesNotCoverItsNeighbour() {
    CephClient neighbour = new CephClient("10.78.0.12:0/203", 203);
    ObservedAttachment observed = seen(List.of(ON_H2, neighbour), ON_H2, "10.78.0.12:0/202");
    assertThat(observed.live()).containsExactly(neighbour);
  }

  @Test
  void aHostThatThePoolDoesNotRefuseYetIsNoClientToBlock() {
    ObservedAttachment observed = seen(List.of(), ON_H2, "10.78.0.12:0/202");
    assertThat(plan(false, observed.unrefusing(Set.of("h2")))).isEmpty();
  }

  /** After the plan, the next guest never waits for a dead one. */
  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25})
  void noDeadLockRemainsFromRandomStates(long seed) {
    Random random = new Random(seed);
    List<CephClient> clients = List.of(ON_H1, ON_H2, ELSEWHERE);
    for (int round = 0; round < 200; round++) {
      List<CephClient> watchers = clients.stream().filter(_ -> random.nextBoolean()).toList();
      List<String> blocked = new ArrayList<>();
      clients.stream()
          .filter(_ -> random.nextInt(3) == 0)
          .forEach(client -> blocked.add(client.address()));
      CephClient owner = clients.get(random.nextInt(3));
      for (AttachmentAction action :
          AttachmentPlan.plan(
              present(false), seen(watchers, owner, blocked.toArray(String[]::new)))) {
        switch (action) {
          case AttachmentAction.BlockRemnant(_, CephClient client, _) -> {
            assertThat(!watchers.contains(client) || client.equals(ON_H1)).isTrue();
            blocked.add(client.address());
          }
        }
      }
      ObservedAttachment after = seen(watchers, owner, blocked.toArray(String[]::new));
      assertThat(after.deadLockOwner()).isEmpty();
      assertThat(AttachmentPlan.plan(present(false), after)).isEmpty();
    }
  }

  private static List<String> plan(boolean running, ObservedAttachment observed) {
    return AttachmentPlan.plan(present(running), observed).stream().map(Action::describe).toList();
  }

  private static Desired<DesiredAttachment> present(boolean running) {
    return new Desired.Present<>(asked(running));
  }

  private static DesiredAttachment asked(boolean running) {
    return new DesiredAttachment(
        Optional.of(new DesiredAttachment.Disk(Examples.pool(), "volume-4")),
        ImmutableSetMultimap.of("10.78.0.11", "h1", "10.78.0.12", "h2"),
        Set.of("h1"),
        running);
  }

  private static ObservedAttachment seen(
      List<CephClient> watchers, CephClient lockOwner, String... blocked) {
    List<BlockedAddress> blocklist =
        List.of(blocked).stream().map(address -> new BlockedAddress(address, Instant.MAX)).toList();
    return new ObservedAttachment(watchers, Optional.of(lockOwner), blocklist, 0, Set.of());
  }
}
