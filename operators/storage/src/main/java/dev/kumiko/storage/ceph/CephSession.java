package dev.kumiko.storage.ceph;

import com.ceph.rados.IoCTX;
import com.ceph.rados.Rados;
import com.ceph.rados.exceptions.RadosException;
import com.ceph.rbd.Rbd;
import com.ceph.rbd.RbdException;
import com.ceph.rbd.RbdImage;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.kumiko.reconcile.Unavailable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A connection to a cluster and an open pool: what every request needs. The last one who is inside
 * ends it: librados is not to be shut down under a call, nor while an image is open.
 */
final class CephSession implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration MONITOR_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration OSD_TIMEOUT = Duration.ofSeconds(30);

  /**
   * Of librados, on which librbd works, too. With two of them (librbd 16.2, librbd/ImageState.cc)
   * the one that has opened an image at a snapshot tells so first and then takes a lock of the
   * image, which the other may have closed and freed by then. librbd opens the parent of a clone
   * so, when it makes or removes one.
   */
  private static final String THREADS = "1";

  private final LibCeph lib;
  private final Cluster cluster;
  private final IoCTX pool;
  private final Failures failures;

  /** Whoever opened it, and everybody who entered it since and has not closed it. */
  private final AtomicInteger inside = new AtomicInteger(1);

  private CephSession(LibCeph lib, Cluster cluster, IoCTX pool, Failures failures) {
    this.lib = lib;
    this.cluster = cluster;
    this.pool = pool;
    this.failures = failures;
  }

  static CephSession open(LibCeph lib, CephCredentials credentials, Failures failures) {
    Cluster cluster = new Cluster("client." + credentials.user());
    try {
      cluster.configure(credentials);
      connect(cluster, credentials, failures);
      IoCTX pool = openPool(cluster, credentials, failures);
      return new CephSession(lib, cluster, pool, failures);
    } catch (CephException | Unavailable e) {
      cluster.shutDown();
      throw e;
    }
  }

  private static void connect(Cluster cluster, CephCredentials credentials, Failures failures) {
    try {
      cluster.connect();
    } catch (RadosException e) {
      throw failures.of("connect as " + credentials, -Math.abs(e.getReturnValue()));
    }
  }

  private static IoCTX openPool(Cluster cluster, CephCredentials credentials, Failures failures) {
    try {
      return cluster.ioCtxCreate(credentials.pool());
    } catch (RadosException e) {
      throw failures.of("open pool " + credentials.pool(), -Math.abs(e.getReturnValue()));
    }
  }

  /**
   * One more is inside, who MUST be inside already or keep whoever is; MUST be closed once more.
   */
  CephSession enter() {
    inside.incrementAndGet();
    return this;
  }

  LibCeph lib() {
    return lib;
  }

  Failures failures() {
    return failures;
  }

  Pointer pool() {
    return pool.getPointer();
  }

  Rbd rbd() {
    return new Rbd(pool);
  }

  /** Number of this client. */
  long id() {
    return lib.rados_get_instance_id(cluster.handle());
  }

  String fsid() {
    try {
      return cluster.clusterFsid();
    } catch (RadosException e) {
      throw failures.of("read the cluster's id", -Math.abs(e.getReturnValue()));
    }
  }

  /** Runs {@code use} on the image, opened without registering a watcher. */
  <T> T reading(String image, Function<RbdImage, T> use) {
    return withOpen(image, true, use);
  }

  <T> T writing(String image, Function<RbdImage, T> use) {
    return withOpen(image, false, use);
  }

  private <T> T withOpen(String image, boolean readOnly, Function<RbdImage, T> use) {
    RbdImage open = open(image, readOnly);
    try {
      return use.apply(open);
    } finally {
      close(open);
    }
  }

  RbdImage open(String image, boolean readOnly) {
    try {
      return readOnly ? rbd().openReadOnly(image) : rbd().open(image);
    } catch (RbdException e) {
      throw failures.of("open " + image, e.getReturnValue());
    }
  }

  void close(RbdImage image) {
    try {
      image.close();
    } catch (RbdException e) {
      throw failures.of("close " + image.getName(), e.getReturnValue());
    }
  }

  /** What a monitor answers to one command; a negative code is an errno. */
  record Reply(int returnCode, String output, String status) {
    String orThrow(String operation, Failures failures) {
      if (returnCode < 0) {
        throw failures.of(operation, returnCode, status);
      }
      return output;
    }
  }

  Reply monitor(String json) {
    PointerByReference output = new PointerByReference();
    PointerByReference status = new PointerByReference();
    LongByReference outputLength = new LongByReference();
    LongByReference statusLength = new LongByReference();
    int returnCode =
        lib.rados_mon_command(
            cluster.handle(),
            new String[] {json},
            1,
            new byte[0],
            0,
            output,
            outputLength,
            status,
            statusLength);
    return new Reply(returnCode, take(output, outputLength), take(status, statusLength));
  }

  private String take(PointerByReference buffer, LongByReference length) {
    Pointer pointer = buffer.getValue();
    if (pointer == null) {
      return "";
    }
    byte[] bytes = pointer.getByteArray(0, Math.toIntExact(length.getValue()));
    lib.rados_buffer_free(pointer);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The last one ends the connection. */
  @Override
  public void close() {
    if (inside.decrementAndGet() == 0) {
      cluster.ioCtxDestroy(pool);
      cluster.shutDown();
    }
  }

  /** Shows the native handle, which rados-java keeps for subclasses. */
  private static final class Cluster extends Rados {
    Cluster(String client) {
      super("ceph", client, 0);
    }

    /** Nobody knows there whether an image is still open; rados-java would shut down. */
    @Override
    @SuppressWarnings({"removal", "Finalize"})
    protected void finalize() {}

    Pointer handle() {
      return clusterPtr;
    }

    void configure(CephCredentials credentials) {
      if (clusterPtr == null) {
        throw new CephException(
            CephException.Reason.FAILED, "librados could not make a client for " + credentials);
      }
      set("mon_host", String.join(",", credentials.monitors()));
      set("key", credentials.key());
      set("client_mount_timeout", seconds(CONNECT_TIMEOUT));
      set("rados_mon_op_timeout", seconds(MONITOR_TIMEOUT));
      set("rados_osd_op_timeout", seconds(OSD_TIMEOUT));
      set("librados_thread_count", THREADS);
      set("rbd_op_threads", THREADS);
      set("log_to_stderr", "false");
      set("err_to_stderr", "false");
      set("log_file", "");
      set("admin_socket", "");
    }

    private void set(String option, String value) {
      try {
        confSet(option, value);
      } catch (RadosException e) {
        throw CephException.of("set option " + option, -Math.abs(e.getReturnValue()), "");
      }
    }

    private static String seconds(Duration duration) {
      return Long.toString(duration.toSeconds());
    }
  }
}
