package dev.kumiko.compute.libvirt;

import dev.kumiko.reconcile.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Hosts reached through libvirt. */
public final class LibvirtHosts implements Hosts {
  /** Calls at a time, each over a connection of its own ({@link Lanes}). */
  private static final int THREADS = 4;

  /**
   * What a QEMU must answer hangs while its disks' pool does: that never takes what all else needs.
   * It is also how many guests a host starts at a time, however many it gets at once from a host
   * that was lost.
   */
  private static final int QEMU_THREADS = 2;

  /** Of both endpoints, and one that reads the sizes of disks. */
  static final int CALLS_AT_A_TIME = THREADS + QEMU_THREADS + 1;

  /**
   * Above the 8 s after which a call has ended on a host that falls silent, 4 s for its connection
   * and 4 s by keepalive (a start with RBD takes one second), and below the 15 s after which
   * another process may lead.
   */
  private static final Duration DEADLINE = Duration.ofSeconds(12);

  private final Path folder;
  private final InstantSource clock;
  private final Map<String, Open> open = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  private record Open(Target target, Hypervisor hypervisor) {}

  /**
   * @param folder where client certificates are written for libvirt to read, private to us
   */
  public LibvirtHosts(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  @Override
  public Optional<Hypervisor> find(String host) {
    return Optional.ofNullable(open.get(host)).map(Open::hypervisor);
  }

  @Override
  public Collection<Hypervisor> all() {
    return open.values().stream().map(Open::hypervisor).toList();
  }

  @Override
  public Optional<Target> target(String host) {
    return Optional.ofNullable(open.get(host)).map(Open::target);
  }

  @Override
  public void open(Target target, Optional<Credentials> credentials) {
    open.compute(
        target.host(),
        (host, before) -> {
          if (before != null && before.target().equals(target)) {
            return before;
          }
          if (before != null) {
            before.hypervisor().close();
          }
          return new Open(target, connect(target, credentials));
        });
  }

  private Hypervisor connect(Target target, Optional<Credentials> credentials) {
    HostAddress address =
        new HostAddress(
            target.host(), URI.create(target.uri()), credentials.map(c -> write(target, c)));
    Hypervisor hypervisor =
        new LibvirtHypervisor(
            address,
            new Endpoint("libvirt/" + target.host(), THREADS, DEADLINE),
            new Endpoint("libvirt/" + target.host() + "/qemu", QEMU_THREADS, DEADLINE),
            clock);
    hypervisor.listen(new Forward(target.host()));
    return hypervisor;
  }

  @Override
  public void close(String host) {
    Optional.ofNullable(open.remove(host)).ifPresent(o -> o.hypervisor().close());
  }

  @Override
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    List.copyOf(open.keySet()).forEach(this::close);
  }

  /** In the layout of libvirt's pkipath (libvirt.org/uri.html). */
  private Path write(Target target, Credentials credentials) {
    try {
      Files.createDirectories(folder);
      Path own =
          Files.createTempDirectory(
              folder,
              target.host() + "-",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.writeString(own.resolve("cacert.pem"), credentials.authority());
      Files.writeString(own.resolve("clientcert.pem"), credentials.certificate());
      Files.writeString(own.resolve("clientkey.pem"), credentials.key());
      for (String file : List.of("cacert.pem", "clientcert.pem", "clientkey.pem")) {
        own.resolve(file).toFile().deleteOnExit();
      }
      return own;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write client certificates", e);
    }
  }

  private final class Forward implements Hypervisor.Listener {
    private final String host;

    Forward(String host) {
      this.host = host;
    }

    @Override
    public void guestChanged(UUID guest) {
      listeners.forEach(l -> l.guestChanged(host, guest));
    }

    @Override
    public void hostChanged() {
      listeners.forEach(l -> l.hostChanged(host));
    }
  }
}
