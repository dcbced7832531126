package dev.kumiko.compute.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On libvirt's test driver. */
final class LanesTest {
  private HostConnection first;
  private Lanes lanes;

  @BeforeAll
  static void needsLibvirt() {
    assumeTrue(TestDriver.missing().isEmpty(), TestDriver::missing);
  }

  @BeforeEach
  void open() {
    first = HostConnection.open(TestDriver.ADDRESS);
    lanes = new Lanes(TestDriver.ADDRESS, FactFinder.machine(first));
  }

  @AfterEach
  void close() {
    lanes.retire();
    first.retire();
  }

  @Test
  void twoCallsAtATimeHaveTwoConnections() {
    List<HostConnection> used = new ArrayList<>();
    lanes.use(one ->
        lanes.use(other -> {
          used.addAll(List.of(one, other));
          return true;
        }));
    assertThat(used).doesNotHaveDuplicates();
  }

  @Test
  void oneCallAfterTheOtherHasTheSame() {
    HostConnection before = lanes.use(lane -> lane);
    HostConnection after = lanes.use(lane -> lane);
    assertThat(after).isSameAs(before);
  }

  @Test
  void oneThatOpenedTooLateServesTheNextCall() {
    HostConnection late = HostConnection.open(TestDriver.ADDRESS);
    lanes.openedLate(late);
    HostConnection next = lanes.use(lane -> lane);
    assertThat(next).isSameAs(late);
  }

  @Test
  void aConnectionRefusesASecondCall() {
    assertThatThrownBy(() -> first.use(c -> c.use(HostConnection::isQemu)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("two calls at a time");
  }

  @Test
  void afterTheSessionThereIsNone() {
    HostConnection lane =
        lanes.use(inUse -> {
          lanes.retire();
          return inUse;
        });
    assertThatThrownBy(() -> lanes.use(c -> c)).isInstanceOf(ConnectionLost.class);
    assertThatThrownBy(() -> lane.use(c -> c)).isInstanceOf(ConnectionLost.class);
  }

  @Test
  void whoeverWentAwayMeanwhileIsAskedForNothing() {
    List<HostConnection> asked = new ArrayList<>();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> lanes.use(asked::add)).isInstanceOf(ConnectionLost.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(asked).isEmpty();
  }

  @Test
  void allThatMayAskAtATimeAreServed() throws Exception {
    int calls = LibvirtHosts.CALLS_AT_A_TIME;
    CyclicBarrier together = new CyclicBarrier(calls);
    try (ExecutorService pool = Executors.newFixedThreadPool(calls)) {
      List<Future<Boolean>> answers = new ArrayList<>();
      for (int i = 0; i < calls; i++) {
        answers.add(
            pool.submit(() -> {
              together.await();
              return lanes.use(HostConnection::isAlive);
            }));
      }
      for (Future<Boolean> answer : answers) {
        assertThat(answer.get()).isTrue();
      }
    }
  }

  @Test
  void anotherMachineBehindTheAddressIsAskedNothing() {
    List<HostConnection> asked = new ArrayList<>();
    assertThatThrownBy(() -> new Lanes(TestDriver.ADDRESS, "another").use(asked::add))
        .isInstanceOf(ConnectionLost.class)
        .hasMessageContaining("another machine");
    assertThat(asked).isEmpty();
  }
}
