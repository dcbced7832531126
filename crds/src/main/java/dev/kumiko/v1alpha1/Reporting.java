package dev.kumiko.v1alpha1;

/** A resource that has a status. */
public interface Reporting {
  /** The status, or an empty one while nothing was observed. */
  Reported<?> observed();
}
