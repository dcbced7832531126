package dev.kumiko.compute.libvirt;

import dev.kumiko.compute.domainxml.Acceleration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.libvirt.Connect;
import org.libvirt.LibvirtException;
import org.libvirt.NodeInfo;

/** Asks a host what it is. */
final class FactFinder {
  private static final Pattern CPU_MODEL =
      Pattern.compile("<host>.*?<cpu>.*?<model>([^<]+)</model>", Pattern.DOTALL);

  private FactFinder() {}

  static HostFacts of(HostConnection connection) {
    try {
      Connect connect = connection.connect();
      NodeInfo node = connect.nodeInfo();
      Matcher model = CPU_MODEL.matcher(connect.getCapabilities());
      Optional<String> refusal = KvmTrial.refusal(connection);
      return new HostFacts(
          node.cpus,
          node.memory * 1024,
          model.find() ? model.group(1) : String.valueOf(node.model),
          refusal.isEmpty() ? Acceleration.KVM : Acceleration.TCG,
          refusal.orElse(""),
          version(connect.getLibVersion()),
          connection.isQemu() ? version(connect.getVersion()) : "");
    } catch (LibvirtException e) {
      throw LibvirtFailure.of(e);
    }
  }

  /** libvirt packs versions as major * 1,000,000 + minor * 1,000 + release. */
  private static String version(long packed) {
    return packed / 1_000_000 + "." + packed / 1_000 % 1_000 + "." + packed % 1_000;
  }
}
