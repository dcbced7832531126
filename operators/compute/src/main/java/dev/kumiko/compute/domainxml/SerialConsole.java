package dev.kumiko.compute.domainxml;

import java.util.List;

/** A serial console that can be opened and whose output is also kept in a file on the host. */
final class SerialConsole {
  private SerialConsole() {}

  static List<Element> render(GuestDefinition guest) {
    return List.of(
        Element.of(
                "serial",
                Element.of("log").with("file", guest.consoleLog()).with("append", "on"),
                Element.of("target").with("port", 0))
            .with("type", "pty"),
        Element.of("console", Element.of("target").with("type", "serial").with("port", 0))
            .with("type", "pty"));
  }

  static String parse(Element domain) {
    return domain.get("devices", "serial", "log").attribute("file");
  }
}
