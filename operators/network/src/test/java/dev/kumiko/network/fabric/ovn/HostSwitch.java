package dev.kumiko.network.fabric.ovn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The Open vSwitch of one of the lab's hosts, on which a guest's interface can appear. */
record HostSwitch(String host) {

  /** A guest's interface appears, as libvirt makes it. */
  void plug(String device, String port) throws IOException, InterruptedException {
    run(
        "--may-exist",
        "add-port",
        "br-int",
        device,
        "--",
        "set",
        "Interface",
        device,
        "type=internal",
        "external_ids:iface-id=" + port);
  }

  /** The interface goes. */
  void unplug(String device) throws IOException, InterruptedException {
    run("--if-exists", "del-port", "br-int", device);
  }

  private void run(String... arguments) throws IOException, InterruptedException {
    Path socket =
        Path.of(
            Optional.ofNullable(System.getenv("KUMIKO_LAB"))
                .orElseThrow(() ->
                    new IllegalStateException("KUMIKO_LAB is not set: run under 'e2e/lab env'")),
            "fabric",
            host,
            "db.sock");
    List<String> command =
        new ArrayList<>(List.of("ovs-vsctl", "--timeout=10", "--db=unix:" + socket));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(15, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(command + ": " + output);
    }
  }
}
