package dev.kumiko.compute.domainxml;

import java.util.List;
import java.util.Optional;

/** Virtual processors and the model that the guest sees. */
final class Cpu {
  private static final String NAMED = "custom";

  private Cpu() {}

  static List<Element> render(GuestDefinition guest) {
    return List.of(
        Element.text("vcpu", Integer.toString(guest.hardware().vcpus())),
        guest
            .hardware()
            .cpuModel()
            .map(Cpu::named)
            .orElseGet(() -> Element.of("cpu").with("mode", "host-model")));
  }

  private static Element named(String model) {
    return Element.of("cpu", Element.text("model", model).with("fallback", "forbid"))
        .with("mode", NAMED)
        .with("match", "exact");
  }

  static int parse(Element domain) {
    return Math.toIntExact(Numbers.parse(domain.get("vcpu").text()));
  }

  static Optional<String> model(Element domain) {
    return domain
        .find("cpu")
        .filter(cpu -> cpu.attribute("mode").equals(NAMED))
        .flatMap(cpu -> cpu.find("model"))
        .map(Element::text);
  }
}
