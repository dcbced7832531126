package dev.kumiko.compute.domainxml;

/** A libvirt document that does not have the shape of one that we wrote. */
public final class NotOurs extends RuntimeException {
  NotOurs(String message) {
    super(message);
  }

  NotOurs(String message, Throwable cause) {
    super(message, cause);
  }
}
