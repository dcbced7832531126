package dev.kumiko.compute.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.reconcile.Desired;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HostPlanTest {
  private static final Hosts.Target OLD = new Hosts.Target("h1", "qemu+tls://a/system", "f1");
  private static final Hosts.Target NEW = new Hosts.Target("h1", "qemu+tls://b/system", "f2");
  private static final DesiredHost ASKED = new DesiredHost(NEW, Optional.of("tls"));

  @Test
  void aHostThatIsNotOpenIsOpened() {
    assertThat(present(Optional.empty()))
        .containsExactly(new HostAction.Open(NEW, Optional.of("tls")));
  }

  @Test
  void aHostThatIsOpenAsAskedIsLeftAlone() {
    assertThat(present(Optional.of(NEW))).isEmpty();
  }

  @Test
  void anotherAddressOrCertificateIsOpenedAnew() {
    assertThat(present(Optional.of(OLD)))
        .containsExactly(new HostAction.Open(NEW, Optional.of("tls")));
  }

  @Test
  void aDeletedHostIsClosedOnce() {
    assertThat(HostPlan.plan(new Desired.Absent<>(ASKED), open(Optional.of(OLD))))
        .containsExactly(new HostAction.Close("h1"));
    assertThat(HostPlan.plan(new Desired.Absent<>(ASKED), open(Optional.empty()))).isEmpty();
  }

  @Test
  void anyPairConvergesInOneRound() {
    Random random = new Random(5);
    for (int i = 0; i < 100; i++) {
      List<Optional<Hosts.Target>> states =
          List.of(Optional.empty(), Optional.of(OLD), Optional.of(NEW));
      List<Optional<Hosts.Target>> open = new ArrayList<>(List.of(states.get(random.nextInt(3))));
      Desired<DesiredHost> desired =
          random.nextBoolean() ? new Desired.Present<>(ASKED) : new Desired.Absent<>(ASKED);
      for (HostAction action : HostPlan.plan(desired, open(open.getFirst()))) {
        open.set(
            0,
            switch (action) {
              case HostAction.Open opened -> Optional.of(opened.to());
              case HostAction.Close _ -> Optional.empty();
            });
      }
      assertThat(HostPlan.plan(desired, open(open.getFirst()))).isEmpty();
    }
  }

  private static List<HostAction> present(Optional<Hosts.Target> open) {
    return HostPlan.plan(new Desired.Present<>(ASKED), open(open));
  }

  private static ObservedHost open(Optional<Hosts.Target> target) {
    return new ObservedHost(target, Optional.empty(), Optional.empty());
  }
}
