package dev.kumiko.compute.vm;

import dev.kumiko.compute.domainxml.GuestDefinition;
import dev.kumiko.reconcile.Action;
import java.util.List;
import java.util.UUID;

/** Everything that is ever done for a VirtualMachine. */
sealed interface VirtualMachineAction extends Action {
  /** Done on a host. */
  sealed interface OnHost extends VirtualMachineAction {
    String host();

    @Override
    default String target() {
      return "libvirt/" + host();
    }
  }

  /** Done to objects of the API. */
  sealed interface OnApi extends VirtualMachineAction {
    @Override
    default String target() {
      return "api";
    }
  }

  /** Remembers the host before anything is started there. */
  record Place(String host, long epoch) implements OnApi {
    @Override
    public String describe() {
      return "place on host " + host + " as epoch " + epoch;
    }
  }

  /**
   * Begins a new epoch on the same host after a guest ended: what was granted and programmed for
   * the guest before proves nothing for the next.
   */
  record Renew(String host, long epoch) implements OnApi {
    @Override
    public String describe() {
      return "renew the placement on host " + host + " as epoch " + epoch + ": its guest ended";
    }
  }

  /** Remembers that the machine is nowhere. */
  record Release(String host) implements OnApi {
    @Override
    public String describe() {
      return "release host " + host;
    }
  }

  /** Remembers that the machine is nowhere, because its host was given up. */
  record Recover(String host) implements OnApi {
    @Override
    public String describe() {
      return "recover from the loss of host " + host;
    }
  }

  /** The seed needs what the rest does not: the tenant's Secret, a place among its Secrets. */
  sealed interface OnSeed extends OnApi {
    @Override
    default String target() {
      return "api/seed";
    }
  }

  record CreateSeedSecret(String secret) implements OnSeed {
    @Override
    public String describe() {
      return "create Secret " + secret + " with the cloud-init seed";
    }
  }

  record CreateSeedVolume(String volume) implements OnSeed {
    @Override
    public String describe() {
      return "create Volume " + volume + " with the cloud-init seed";
    }
  }

  record CreateVolume(String volume, String disk) implements OnApi {
    @Override
    public String describe() {
      return "create Volume " + volume + " for disk " + disk;
    }
  }

  /** Size and ownership as the template says now. */
  record UpdateVolume(String volume, String disk) implements OnApi {
    @Override
    public String describe() {
      return "update Volume " + volume + " to the template of disk " + disk;
    }
  }

  record CreatePort(String port, String nic, String host) implements OnApi {
    @Override
    public String describe() {
      return "create Port " + port + " on host " + host;
    }
  }

  /**
   * Says anew where a Port may appear and what is asked there.
   *
   * @param host empty: nowhere
   */
  record MovePort(String port, String nic, String host) implements OnApi {
    @Override
    public String describe() {
      return host.isEmpty()
          ? "take Port " + port + " off its host"
          : "move Port " + port + " to host " + host;
    }
  }

  record CreateAttachment(String volume, String host, long epoch) implements OnApi {
    @Override
    public String describe() {
      return "claim Volume " + volume + " for host " + host + " at epoch " + epoch;
    }
  }

  record MoveAttachment(String volume, String host, long epoch) implements OnApi {
    @Override
    public String describe() {
      return "move the claim on Volume " + volume + " to host " + host + " at epoch " + epoch;
    }
  }

  /** Remembers that the guest is on another host by now: the same start of it, moved. */
  record Arrive(String host, long epoch) implements OnApi {
    @Override
    public boolean repairs() {
      return false;
    }

    @Override
    public String describe() {
      return "remember that the guest of epoch " + epoch + " has moved to host " + host;
    }
  }

  /** Lets a Port appear on two hosts, of which the first gets its traffic. */
  record SharePort(String port, String nic, List<String> hosts) implements OnApi {
    public SharePort {
      hosts = List.copyOf(hosts);
    }

    @Override
    public boolean repairs() {
      return false;
    }

    @Override
    public String describe() {
      return "share Port " + port + " between hosts " + String.join(" and ", hosts);
    }
  }

  /** Lets two hosts write while the guest moves from one to the other. */
  record ShareAttachment(String volume, List<String> hosts, long epoch) implements OnApi {
    public ShareAttachment {
      hosts = List.copyOf(hosts);
    }

    @Override
    public boolean repairs() {
      return false;
    }

    @Override
    public String describe() {
      return "share the claim on Volume "
          + volume
          + " between hosts "
          + String.join(" and ", hosts)
          + " at epoch "
          + epoch;
    }
  }

  record Delete(Kind kind, String object) implements OnApi {
    /** Kinds that are made for a machine. */
    enum Kind {
      ATTACHMENT("Attachment"),
      PORT("Port"),
      VOLUME("Volume");

      private final String text;

      Kind(String text) {
        this.text = text;
      }
    }

    @Override
    public String describe() {
      return "delete " + kind.text + " " + object;
    }
  }

  /** Gives the host the key of a StoragePool's guest user. */
  record ProvideSecret(String host, String pool) implements OnHost {
    @Override
    public boolean repairs() {
      return false;
    }

    @Override
    public String describe() {
      return "give host " + host + " the guest key of StoragePool " + pool;
    }
  }

  record Define(String host, GuestDefinition guest) implements OnHost {
    @Override
    public String describe() {
      return text(guest.name(), guest.marker().epoch());
    }

    static String text(String name, long epoch) {
      return "define domain " + name + " at epoch " + epoch;
    }
  }

  record StartPaused(String host, UUID guest) implements OnHost {
    @Override
    public String describe() {
      return "start the domain paused on host " + host;
    }
  }

  /** Lets the guest run, if a fresh read of the machine still shows this placement. */
  record Resume(String host, UUID guest, long epoch) implements OnHost {
    @Override
    public String describe() {
      return "resume the domain on host " + host + " at epoch " + epoch;
    }
  }

  record RequestShutdown(String host, UUID guest) implements OnHost {
    @Override
    public String describe() {
      return "ask the guest on host " + host + " to power off";
    }
  }

  /**
   * Ends a domain, unless another start has taken its place.
   *
   * @param epoch that it was started at
   */
  record Destroy(String host, UUID guest, long epoch, String why) implements OnHost {
    @Override
    public String describe() {
      return "end the domain on host " + host + ": " + why;
    }
  }

  record Undefine(String host, UUID guest) implements OnHost {
    @Override
    public String describe() {
      return "undefine the domain on host " + host;
    }
  }

  record ResizeDisk(String host, UUID guest, String disk, long bytes) implements OnHost {
    @Override
    public boolean repairs() {
      return false;
    }

    @Override
    public String describe() {
      return "tell the guest that its disk " + disk + " has " + bytes + " bytes";
    }
  }
}
