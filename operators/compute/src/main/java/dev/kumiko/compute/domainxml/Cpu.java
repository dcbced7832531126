package dev.kumiko.compute.domainxml;

import java.util.List;

/** Virtual processors and the model that the guest sees. */
final class Cpu {
  /** The oldest model with all of x86-64-v2, which TCG emulates and current distributions need. */
  static final String EMULATED_MODEL = "Nehalem";

  private Cpu() {}

  static List<Element> render(GuestDefinition guest) {
    return List.of(
        Element.text("vcpu", Integer.toString(guest.hardware().vcpus())),
        switch (guest.hardware().acceleration()) {
          case KVM -> Element.of("cpu").with("mode", "host-model");
          case TCG ->
              Element.of("cpu", Element.text("model", EMULATED_MODEL).with("fallback", "forbid"))
                  .with("mode", "custom")
                  .with("match", "exact");
        });
  }

  static int parse(Element domain) {
    return Math.toIntExact(Numbers.parse(domain.get("vcpu").text()));
  }
}
