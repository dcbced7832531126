package dev.kumiko.storage.ceph;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** QEMU's own block layer, in a process of its own, with an image of the lab open for writing. */
final class QemuGuest implements CephPoolContract.Guest {
  private final Process qemu;

  private QemuGuest(Process qemu) {
    this.qemu = qemu;
  }

  static QemuGuest with(String image, Callable<Boolean> isOpen) {
    CephCredentials lab = LabCeph.administrator();
    String url =
        "rbd:%s/%s:conf=%s:id=%s"
            .formatted(lab.pool(), image, System.getenv("CEPH_CONF"), lab.user());
    QemuGuest guest = new QemuGuest(started(List.of("qemu-io", "-f", "raw", url)));
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(isOpen);
    return guest;
  }

  @Override
  public void freeze() {
    signal("-STOP");
  }

  @Override
  public void thaw() {
    signal("-CONT");
  }

  @Override
  public void close() {
    signal("-CONT");
    try {
      qemu.getOutputStream().close();
      qemu.waitFor(10, TimeUnit.SECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      qemu.destroyForcibly();
    }
  }

  private void signal(String signal) {
    try {
      started(List.of("kill", signal, Long.toString(qemu.pid()))).waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Process started(List<String> command) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
