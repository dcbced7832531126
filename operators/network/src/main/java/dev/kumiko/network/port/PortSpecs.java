package dev.kumiko.network.port;

import dev.kumiko.network.address.Macs;
import dev.kumiko.network.address.Prefix;
import dev.kumiko.reconcile.Rejection;

/** Refuses what admission could not see. Pure. */
final class PortSpecs {
  private PortSpecs() {}

  /**
   * @throws Rejection naming the field and the mend
   */
  static DesiredPort checked(DesiredPort port) {
    port.fixedAddress().ifPresent(address -> checkAddress(port, address));
    port.fixedMac()
        .filter(mac -> mac.startsWith(Macs.GENERATED))
        .ifPresent(mac -> {
          throw new Rejection(
              "MacReserved",
              "spec.mac "
                  + mac
                  + " begins as generated ones do ("
                  + Macs.GENERATED
                  + "): make the Port with another or leave spec.mac out");
        });
    return port;
  }

  private static void checkAddress(DesiredPort port, long address) {
    port.segment()
        .pool()
        .objection(address)
        .ifPresent(why -> {
          throw new Rejection(
              "AddressInvalid",
              "spec.address "
                  + Prefix.text(address)
                  + " "
                  + why
                  + " (Network "
                  + port.segment().network()
                  + "): make the Port with another or leave spec.address out");
        });
  }

  static long address(String text) {
    try {
      return Prefix.number(text);
    } catch (IllegalArgumentException e) {
      throw new Rejection("AddressInvalid", "spec.address " + text + " is not an IPv4 address");
    }
  }
}
