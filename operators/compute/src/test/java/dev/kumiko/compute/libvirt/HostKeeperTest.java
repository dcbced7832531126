package dev.kumiko.compute.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class HostKeeperTest {
  @BeforeAll
  static void needsLibvirt() {
    assumeTrue(TestDriver.missing().isEmpty(), TestDriver::missing);
  }

  @Test
  void itGoesOnAfterAnError() {
    AtomicInteger changes = new AtomicInteger();
    HostKeeper keeper =
        new HostKeeper(
            TestDriver.ADDRESS,
            InstantSource.system(),
            new Hypervisor.Listener() {
              @Override
              public void guestChanged(UUID guest) {}

              @Override
              public void hostChanged() {
                if (changes.incrementAndGet() <= 3) {
                  throw new NoClassDefFoundError("planted");
                }
              }
            });
    keeper.start();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(changes).hasValueGreaterThan(3));
    await().atMost(Duration.ofSeconds(20)).until(() -> keeper.machine().isPresent());
    keeper.close();
    await().atMost(Duration.ofSeconds(10)).until(() -> keeper.machine().isEmpty());
    assertThat(keeper.link().isConnected()).isFalse();
  }
}
