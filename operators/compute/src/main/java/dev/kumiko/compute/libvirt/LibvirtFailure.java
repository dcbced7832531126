package dev.kumiko.compute.libvirt;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.libvirt.LibvirtException;
import org.libvirt.jna.Libvirt;
import org.libvirt.jna.virError;

/**
 * An error that libvirt reported.
 *
 * <p>Codes are those of {@code virErrorNumber} in libvirt/virterror.h.
 */
final class LibvirtFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  static final int NO_SUPPORT = 3;
  static final int SYSTEM_ERROR = 38;
  static final int RPC = 39;
  static final int NO_DOMAIN = 42;
  static final int NO_STORAGE_POOL = 49;
  static final int NO_STORAGE_VOL = 50;
  static final int OPERATION_INVALID = 55;
  static final int NO_SECRET = 66;
  static final int CONFIG_UNSUPPORTED = 67;
  static final int NO_DOMAIN_METADATA = 80;
  private static final int FROM_RPC = 7;
  private static final Set<String> SIGNS_OF_A_BROKEN_CONNECTION =
      Set.of("client socket is closed", "End of file while reading data", "Cannot recv data");

  private final int code;
  private final int domain;

  private LibvirtFailure(int code, int domain, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.domain = domain;
  }

  /** libvirt-java hands out the numbers only as positions in its enums. */
  @SuppressWarnings("EnumOrdinal")
  static LibvirtFailure of(LibvirtException e) {
    org.libvirt.Error error = e.getError();
    return new LibvirtFailure(
        error.getCode().ordinal(), error.getDomain().ordinal(), String.valueOf(e.getMessage()), e);
  }

  /** The error of the last call on this thread: libvirt keeps one for each thread. */
  static LibvirtFailure last(String call) {
    virError error = Libvirt.INSTANCE.virGetLastError();
    return error == null
        ? new LibvirtFailure(0, 0, call + " failed without saying why", null)
        : new LibvirtFailure(error.code, error.domain, String.valueOf(error.message), null);
  }

  /** A result below zero is a failure. */
  static int check(int result, String call) {
    if (result < 0) {
      throw last(call);
    }
    return result;
  }

  /** No handle is a failure. */
  static <T> T check(@Nullable T handle, String call) {
    if (handle == null) {
      throw last(call);
    }
    return handle;
  }

  boolean is(int number) {
    return code == number;
  }

  /** Whether the connection is what failed, not what was asked for. */
  boolean isBrokenConnection() {
    String message = String.valueOf(getMessage());
    return code == RPC
        || domain == FROM_RPC
        || SIGNS_OF_A_BROKEN_CONNECTION.stream().anyMatch(message::contains);
  }
}
