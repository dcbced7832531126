package dev.kumiko.compute.libvirt;

import dev.kumiko.compute.domainxml.Acceleration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.libvirt.jna.CString;

/** The processor models that guests of a host may have. */
final class CpuModels {
  /**
   * libvirt.org/formatdomaincaps.html: of the models of mode custom, those that can be had without
   * taking features away; no other mode says whether its model is usable.
   */
  private static final Pattern USABLE =
      Pattern.compile("<model\\b[^>]*\\busable='yes'[^>]*>([^<]+)</model>");

  /** It has no local APIC, without which the board of guests does not start (measured). */
  private static final String WITHOUT_APIC = "486";

  private CpuModels() {}

  /** Of the board that guests have. */
  static List<String> usable(HostConnection connection, Acceleration acceleration) {
    CString capabilities =
        LibvirtExtras.VIRT.virConnectGetDomainCapabilities(
            connection.handle(), null, "x86_64", "q35", acceleration.domainType(), 0);
    if (capabilities == null) {
      throw LibvirtFailure.last("virConnectGetDomainCapabilities");
    }
    return usable(capabilities.toString());
  }

  static List<String> usable(String capabilities) {
    return USABLE
        .matcher(capabilities)
        .results()
        .map((MatchResult model) -> model.group(1))
        .filter(model -> !model.equals(WITHOUT_APIC))
        .distinct()
        .sorted()
        .toList();
  }
}
