package dev.kumiko.compute.domainxml;

import java.util.List;

/** Board, firmware features and clock. */
final class Machine {
  /**
   * Translated code kept by TCG. QEMU's default is a fraction of the host's memory for each guest;
   * with 64 MiB a Linux guest boots as fast (measured).
   */
  static final int TRANSLATION_CACHE_MEBIBYTES = 64;

  private Machine() {}

  static List<Element> render(GuestDefinition guest) {
    return List.of(
        Element.of("os", Element.text("type", "hvm").with("arch", "x86_64").with("machine", "q35")),
        features(guest.hardware().acceleration()),
        Element.of(
                "clock",
                Element.of("timer").with("name", "rtc").with("tickpolicy", "catchup"),
                Element.of("timer").with("name", "pit").with("tickpolicy", "delay"),
                Element.of("timer").with("name", "hpet").with("present", "no"))
            .with("offset", "utc"));
  }

  private static Element features(Acceleration acceleration) {
    Element features = Element.of("features", Element.of("acpi"), Element.of("apic"));
    return switch (acceleration) {
      case KVM -> features;
      case TCG ->
          features.add(
              List.of(
                  Element.of(
                      "tcg",
                      Element.text("tb-cache", Integer.toString(TRANSLATION_CACHE_MEBIBYTES))
                          .with("unit", "MiB"))));
    };
  }
}
