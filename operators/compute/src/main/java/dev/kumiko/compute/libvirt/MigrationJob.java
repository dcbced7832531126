package dev.kumiko.compute.libvirt;

import static dev.kumiko.compute.libvirt.LibvirtFailure.check;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.time.Duration;
import java.util.Optional;
import org.libvirt.jna.Libvirt;

/**
 * libvirt's migration of one domain, and the job that it is; throws {@link LibvirtFailure}.
 *
 * <p>Flags and names are those of libvirt/libvirt-domain.h.
 */
record MigrationJob(DomainHandle domain) {
  private static final int LIVE = 1;
  private static final int PEER2PEER = 1 << 1;
  private static final int PERSIST_DEST = 1 << 3;
  private static final int UNDEFINE_SOURCE = 1 << 4;
  private static final int PAUSED = 1 << 5;
  private static final int ABORT_ON_ERROR = 1 << 12;
  private static final int AUTO_CONVERGE = 1 << 13;
  private static final int POSTCOPY = 1 << 15;
  private static final int TLS = 1 << 16;

  /** What the last round may take at most, by QEMU's own default. */
  private static final Duration LONG = Duration.ofMillis(300);

  /**
   * What it may take of a guest that waits at its target until its source is gone: libvirt needs a
   * quarter of a second for that, so that the guest stands still as long as otherwise.
   */
  private static final Duration BRIEF = Duration.ofMillis(30);

  private static final int TYPE_NONE = 0;
  private static final int TYPE_COMPLETED = 3;
  private static final int OPERATION_IN = 4;
  private static final int OPERATION_OUT = 5;

  /** Of the last job that ended, which stays known. */
  private static final int COMPLETED_AND_KEPT = 1 | 2;

  /** Blocks until the guest is there, or stays here. */
  void run(MigrationOrder order) {
    Optional<Memory> bandwidth =
        order.mebibytesPerSecond().stream()
            .mapToObj(limit -> TypedValues.unsigned("bandwidth", limit))
            .findFirst();
    limit(order.postCopy() ? LONG : BRIEF);
    check(
        LibvirtExtras.VIRT.virDomainMigrateToURI3(
            domain.pointer(),
            order.uri().toString(),
            bandwidth.orElse(null),
            bandwidth.isPresent() ? 1 : 0,
            flags(order)),
        "virDomainMigrateToURI3");
  }

  private static int flags(MigrationOrder order) {
    return LIVE
        | PEER2PEER
        | PERSIST_DEST
        | UNDEFINE_SOURCE
        | ABORT_ON_ERROR
        | (order.autoConverge() ? AUTO_CONVERGE : 0)
        | (order.postCopy() ? POSTCOPY : PAUSED)
        | (order.isEncrypted() ? TLS : 0);
  }

  /** Lets the last round take longer, so that also a guest that writes much comes to an end. */
  void allowLongerPause() {
    limit(LONG);
  }

  private void limit(Duration pause) {
    check(
        Libvirt.INSTANCE.virDomainMigrateSetMaxDowntime(domain.pointer(), pause.toMillis(), 0),
        "virDomainMigrateSetMaxDowntime");
  }

  /** Whether the last round must not take longer than a moment. */
  boolean isBrief() {
    LongByReference limit = new LongByReference();
    check(
        LibvirtExtras.VIRT.virDomainMigrateGetMaxDowntime(domain.pointer(), limit, 0),
        "virDomainMigrateGetMaxDowntime");
    return limit.getValue() < LONG.toMillis();
  }

  /** Empty when no migration away from here goes on. */
  Optional<Transfer.Progress> outgoing(boolean isPostCopy) {
    return stats(0)
        .filter(job -> job.type() != TYPE_NONE && job.values().number("operation") == OPERATION_OUT)
        .map(job -> progress(job.values(), isPostCopy));
  }

  /** Empty when it is not known how the domain came here. */
  Optional<Transfer.Progress> incoming() {
    return stats(COMPLETED_AND_KEPT)
        .filter(
            job -> job.type() == TYPE_COMPLETED && job.values().number("operation") == OPERATION_IN)
        .map(job -> progress(job.values(), false));
  }

  private static Transfer.Progress progress(TypedValues values, boolean isPostCopy) {
    return new Transfer.Progress(
        values.number("memory_processed"),
        values.number("memory_remaining"),
        values.number("memory_total"),
        values.number("memory_iteration"),
        isPostCopy,
        Duration.ofMillis(values.number("downtime")));
  }

  private record Stats(int type, TypedValues values) {}

  /** Empty for a domain that is not active, any more. */
  private Optional<Stats> stats(int flags) {
    IntByReference type = new IntByReference();
    PointerByReference parameters = new PointerByReference();
    IntByReference count = new IntByReference();
    int result =
        Libvirt.INSTANCE.virDomainGetJobStats(domain.pointer(), type, parameters, count, flags);
    if (result < 0) {
      LibvirtFailure failure = LibvirtFailure.last("virDomainGetJobStats");
      if (failure.is(LibvirtFailure.OPERATION_INVALID) || failure.is(LibvirtFailure.NO_DOMAIN)) {
        return Optional.empty();
      }
      throw failure;
    }
    Pointer array = parameters.getValue();
    if (array == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Stats(type.getValue(), TypedValues.of(array, count.getValue())));
    } finally {
      Libvirt.INSTANCE.virTypedParamsFree(array, count.getValue());
    }
  }

  void startPostCopy() {
    check(
        LibvirtExtras.VIRT.virDomainMigrateStartPostCopy(domain.pointer(), 0),
        "virDomainMigrateStartPostCopy");
  }

  /** False when there was no job to give up. */
  boolean abort() {
    if (Libvirt.INSTANCE.virDomainAbortJob(domain.pointer()) == 0) {
      return true;
    }
    LibvirtFailure failure = LibvirtFailure.last("virDomainAbortJob");
    if (failure.is(LibvirtFailure.OPERATION_INVALID) && outgoing(false).isEmpty()) {
      return false;
    }
    throw failure;
  }
}
