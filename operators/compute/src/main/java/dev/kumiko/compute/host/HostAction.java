package dev.kumiko.compute.host;

import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.reconcile.Action;
import java.util.Optional;

/** Everything that is ever done about a Host: its connection, and at the end what it was given. */
sealed interface HostAction extends Action {
  String host();

  @Override
  default String target() {
    return "libvirt/" + host();
  }

  @Override
  default boolean repairs() {
    return false;
  }

  /**
   * Connects, or connects anew with another target.
   *
   * @param tlsSecret name of the Secret with the credentials
   */
  record Open(Hosts.Target to, Optional<String> tlsSecret) implements HostAction {
    @Override
    public String host() {
      return to.host();
    }

    @Override
    public String describe() {
      return "connect to "
          + to.uri()
          + tlsSecret.map(s -> " with the certificate of Secret " + s).orElse("");
    }
  }

  /** Writes down which machine the Host stands for, from now on. */
  record Identify(String host, String machine) implements HostAction {
    @Override
    public String describe() {
      return "record that " + host + " is machine " + machine;
    }
  }

  /** Lets the connection be used, as long as that machine answers. */
  record Admit(String host, String machine) implements HostAction {
    @Override
    public String describe() {
      return "use " + host + " while it is machine " + machine;
    }
  }

  /** Takes back what the host was given for guests; those that are not ours run on. */
  record Withdraw(String host) implements HostAction {
    @Override
    public String describe() {
      return "take keys and the folder for console logs back from " + host;
    }
  }

  /** From now on the Host stands for no machine: nothing of ours is left there to take back. */
  record Forget(String host) implements HostAction {
    @Override
    public String describe() {
      return "record that " + host + " is no machine any more";
    }
  }

  /** Ends the connection; guests run on. */
  record Close(String host) implements HostAction {
    @Override
    public String describe() {
      return "close the connection to " + host;
    }
  }

  /** Has storage ask the host's guests whether they live. */
  record Suspect(String host, String why) implements HostAction {
    @Override
    public String describe() {
      return "suspect " + host + ": " + why;
    }
  }

  /** Has storage refuse the host, so that its guests can be started elsewhere. */
  record GiveUp(String host, String why) implements HostAction {
    @Override
    public String describe() {
      return "give " + host + " up: " + why;
    }
  }

  /**
   * Begins to switch the host off, beside the proof, which is storage's: nothing waits for it.
   *
   * @param givenUpAt of the Fence for which
   */
  record SwitchOff(String host, String givenUpAt) implements HostAction {
    @Override
    public String target() {
      return "redfish/" + host();
    }

    @Override
    public String describe() {
      return "switch the power of " + host + " off";
    }
  }

  /** Nothing was wrong with the host, or with nobody on it. */
  record Acquit(String host) implements HostAction {
    @Override
    public String describe() {
      return "suspect " + host + " no more";
    }
  }

  /** Ends what a host that was given up still runs, and forgets it there. */
  record EndLeftover(String host, Plight.Leftover leftover) implements HostAction {
    @Override
    public String describe() {
      return "end the domain "
          + leftover.guest()
          + " on "
          + host
          + ", which was given up with it at epoch "
          + leftover.epoch();
    }
  }

  /** Has storage let the host in again. */
  record LetIn(String host) implements HostAction {
    @Override
    public String describe() {
      return "let " + host + " in again";
    }
  }

  /** Has a guest move to another host, because this one is to be emptied. */
  record Evacuate(String host, String namespace, String machine) implements HostAction {
    @Override
    public String target() {
      return "api";
    }

    @Override
    public String describe() {
      return "migrate VirtualMachine " + namespace + "/" + machine + " away from " + host;
    }
  }

  /** The host is not to be emptied any more. */
  record CallOff(String host, String migration) implements HostAction {
    @Override
    public String target() {
      return "api";
    }

    @Override
    public String describe() {
      return "call off Migration " + migration;
    }
  }
}
