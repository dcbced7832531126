package dev.kumiko.reconcile;

/**
 * One idempotent change to the world, as data: comparable, printable, free of secrets.
 *
 * <p>Implementations are records inside a sealed interface per kind.
 */
public interface Action {
  /**
   * What a failure of this action takes with it: the later actions of the same target are skipped,
   * those of other targets go on. An endpoint's name ({@code libvirt/h1}) or {@code api}.
   */
  String target();

  /** For people: what will be done, to which object. Shown in {@code status.plan} and logged. */
  String describe();

  /**
   * Whether it being missing on a Ready resource means that somebody else changed what lasts
   * outside; false for what a restart or another object's change brings about.
   */
  default boolean repairs() {
    return true;
  }
}
