package dev.kumiko.compute.libvirt;

import dev.kumiko.compute.domainxml.Acceleration;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.libvirt.Connect;
import org.libvirt.LibvirtException;
import org.libvirt.NodeInfo;

/** Asks a host what it is. */
final class FactFinder {
  private static final Pattern CPU_MODEL =
      Pattern.compile("<host>.*?<cpu>.*?<model>([^<]+)</model>", Pattern.DOTALL);

  /** libvirt.org/formatcaps.html: the host's UUID is the first that is told of it. */
  private static final Pattern MACHINE = Pattern.compile("<host>\\s*<uuid>([^<]+)</uuid>");

  private FactFinder() {}

  static HostFacts of(HostConnection connection) {
    try {
      Connect connect = connection.connect();
      NodeInfo node = connect.nodeInfo();
      String capabilities = connect.getCapabilities();
      Matcher model = CPU_MODEL.matcher(capabilities);
      Optional<String> refusal = KvmTrial.refusal(connection);
      Acceleration acceleration = refusal.isEmpty() ? Acceleration.KVM : Acceleration.TCG;
      return new HostFacts(
          machine(connection, capabilities),
          node.cpus,
          node.memory * 1024,
          model.find() ? model.group(1) : String.valueOf(node.model),
          connection.isQemu() ? CpuModels.usable(connection, acceleration) : List.of(),
          acceleration,
          refusal.orElse(""),
          version(connect.getLibVersion()),
          connection.isQemu() ? version(connect.getVersion()) : "");
    } catch (LibvirtException e) {
      throw LibvirtFailure.of(e);
    }
  }

  /** The machine at the other end. */
  static String machine(HostConnection connection) {
    try {
      return machine(connection, connection.connect().getCapabilities());
    } catch (LibvirtException e) {
      throw LibvirtFailure.of(e);
    }
  }

  private static String machine(HostConnection connection, String capabilities) {
    return machine(capabilities).orElseGet(() -> simulated(connection));
  }

  static Optional<String> machine(String capabilities) {
    Matcher machine = MACHINE.matcher(capabilities);
    return machine.find() ? Optional.of(machine.group(1)) : Optional.empty();
  }

  /** The test driver simulates a machine for each URI, and gives it no UUID. */
  private static String simulated(HostConnection connection) {
    if (connection.isQemu()) {
      throw new IllegalStateException(
          "libvirtd names no UUID of its machine: set host_uuid in libvirtd.conf");
    }
    return UUID.nameUUIDFromBytes(connection.uri().getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** libvirt packs versions as major * 1,000,000 + minor * 1,000 + release. */
  private static String version(long packed) {
    return packed / 1_000_000 + "." + packed / 1_000 % 1_000 + "." + packed % 1_000;
  }
}
