package dev.kumiko.compute.vm;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The files of a NoCloud seed (cloudinit.readthedocs.io, datasource NoCloud). */
final class Seed {
  static final String USER_DATA = "user-data";
  private static final String META_DATA = "meta-data";
  private static final String NETWORK_CONFIG = "network-config";

  /** cloud-init by itself asks for an address on the first interface only. */
  private static final String DHCP_ON_ALL =
      """
      version: 2
      ethernets:
        all:
          match: {name: "e*"}
          dhcp4: true
      """;

  private Seed() {}

  /**
   * @param given the files of the Secret that the user names; empty without
   */
  static Map<String, String> files(
      VirtualMachine machine, VirtualMachine.CloudInit cloudInit, Map<String, String> given) {
    Map<String, String> files = new LinkedHashMap<>();
    String hostname =
        Optional.ofNullable(cloudInit.hostname()).orElse(machine.getMetadata().getName());
    files.put(
        META_DATA,
        "instance-id: "
            + machine.getMetadata().getUid()
            + "\nlocal-hostname: "
            + quoted(hostname)
            + "\n");
    files.put(
        USER_DATA,
        Optional.ofNullable(given.get(USER_DATA))
            .or(() -> Optional.ofNullable(cloudInit.userData()))
            .orElseGet(() -> cloudConfig(hostname, cloudInit.sshAuthorizedKeys())));
    Optional.ofNullable(given.get(NETWORK_CONFIG))
        .or(() ->
            machine.getSpec().interfaces().size() > 1 ? Optional.of(DHCP_ON_ALL) : Optional.empty())
        .ifPresent(network -> files.put(NETWORK_CONFIG, network));
    return files;
  }

  private static String cloudConfig(String hostname, List<String> keys) {
    String config = "#cloud-config\nhostname: " + quoted(hostname) + "\n";
    return keys.isEmpty()
        ? config
        : config
            + "ssh_authorized_keys:\n"
            + keys.stream().map(k -> "  - " + quoted(k) + "\n").collect(Collectors.joining());
  }

  /** A JSON string is a YAML string. */
  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
