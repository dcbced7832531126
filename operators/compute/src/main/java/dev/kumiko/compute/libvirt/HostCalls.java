package dev.kumiko.compute.libvirt;

import dev.kumiko.reconcile.Endpoint;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Unavailable;
import java.util.function.Function;

/**
 * Calls on the session with one host, each through an endpoint that protects it.
 *
 * @param name of the host among the endpoints
 */
record HostCalls(HostKeeper keeper, String name) {
  <T> T ask(Endpoint through, String what, Function<HostSession, T> work) {
    HostSession session = keeper.session();
    Answer<T> answer = through.call(what, () -> answer(what, session, work));
    return switch (answer) {
      case Answer.Done<T> done -> done.value();
      case Answer.Refused<T> refused -> throw refused.why();
    };
  }

  /** Only a broken connection counts against the host; a refusal concerns one guest. */
  private <T> Answer<T> answer(String what, HostSession session, Function<HostSession, T> work) {
    try {
      return new Answer.Done<>(session.apart(work));
    } catch (ConnectionLost e) {
      throw new Unavailable(name, "no connection for: " + what + ": " + e.getMessage(), e);
    } catch (Rejection | Unavailable e) {
      return new Answer.Refused<>(e);
    } catch (LibvirtFailure e) {
      String message = what + ": " + e.getMessage();
      if (e.isBrokenConnection()) {
        throw new Unavailable(name, message, e);
      }
      return new Answer.Refused<>(
          e.is(LibvirtFailure.CONFIG_UNSUPPORTED)
              ? new Rejection("HostCannotRunIt", message)
              : new Unavailable(name, message, e));
    }
  }

  private sealed interface Answer<T> {
    record Done<T>(T value) implements Answer<T> {}

    record Refused<T>(RuntimeException why) implements Answer<T> {}
  }
}
