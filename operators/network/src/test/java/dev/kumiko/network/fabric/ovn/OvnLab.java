package dev.kumiko.network.fabric.ovn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The real OVN, where the lab's environment says that it is. */
record OvnLab(String northbound, String southbound, TlsIdentity identity) {

  /** Reads {@code KUMIKO_OVN_NB}, {@code KUMIKO_OVN_SB} and the directory {@code KUMIKO_PKI}. */
  static OvnLab fromEnvironment() throws IOException {
    Path pki = Path.of(required("KUMIKO_PKI"));
    return new OvnLab(
        required("KUMIKO_OVN_NB"),
        required("KUMIKO_OVN_SB"),
        new TlsIdentity(
            Files.readString(pki.resolve("ca.crt")),
            Files.readString(pki.resolve("client.crt")),
            Files.readString(pki.resolve("client.key"))));
  }

  private static String required(String name) {
    return Optional.ofNullable(System.getenv(name))
        .orElseThrow(
            () -> new IllegalStateException(name + " is not set: run under 'e2e/lab env'"));
  }

  OvnFabricTables connect() {
    return OvnFabricTables.connect("ovn/lab", northbound, southbound, Optional.of(identity));
  }

  OvnHand hand() throws IOException {
    return new OvnHand(OvsdbAddress.parse(northbound).getFirst(), Optional.of(identity.context()));
  }
}
