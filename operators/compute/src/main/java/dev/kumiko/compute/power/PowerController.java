package dev.kumiko.compute.power;

/**
 * What switches one machine's power, beside the machine and without its help.
 *
 * <p>Every call MAY throw {@link dev.kumiko.reconcile.Unavailable}: then nothing is known about the
 * power, in particular not that it is off; and {@link dev.kumiko.reconcile.Rejection} with the
 * reason {@code PowerOffFailed} when the Host or its Secret must change first: the account is
 * refused, or there is no such machine. No message tells the password.
 */
public interface PowerController extends AutoCloseable {
  /** What the power controller says now. */
  PowerState state();

  /**
   * Switches the power off as pulling the plug does, without asking the machine; one that is off is
   * success. Returns when the power controller has accepted: {@link #state()} MAY be ON for some
   * seconds more.
   */
  void off();

  @Override
  void close();
}
