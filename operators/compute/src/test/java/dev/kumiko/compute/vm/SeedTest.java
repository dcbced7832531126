package dev.kumiko.compute.vm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.VirtualMachine.CloudInit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SeedTest {
  @Test
  void keysAndNameBecomeACloudConfigThatNoKeyCanBreakOutOf() {
    CloudInit cloudInit =
        new CloudInit(null, null, "front", List.of("ssh-ed25519 AAAA a\"b", "ssh-rsa BBBB c"));
    assertThat(files(cloudInit, Map.of()).get("user-data"))
        .isEqualTo(
            """
            #cloud-config
            hostname: "front"
            ssh_authorized_keys:
              - "ssh-ed25519 AAAA a\\"b"
              - "ssh-rsa BBBB c"
            """);
  }

  @Test
  void theInstanceIsTheMachinesUid() {
    assertThat(files(new CloudInit(null, null, null, List.of()), Map.of()).get("meta-data"))
        .isEqualTo("instance-id: uid-of-web\nlocal-hostname: \"web\"\n");
  }

  @Test
  void userDataIsHandedOverAsItIs() {
    CloudInit cloudInit = new CloudInit("#!/bin/sh\necho hi\n", null, null, List.of());
    assertThat(files(cloudInit, Map.of())).containsEntry("user-data", "#!/bin/sh\necho hi\n");
  }

  @Test
  void filesOfTheSecretComeFirst() {
    CloudInit cloudInit = new CloudInit(null, "mine", null, List.of());
    assertThat(
            files(
                cloudInit,
                Map.of("user-data", "#cloud-config\n", "network-config", "version: 2\n")))
        .containsEntry("user-data", "#cloud-config\n")
        .containsEntry("network-config", "version: 2\n")
        .containsKey("meta-data");
  }

  @Test
  void oneInterfaceNeedsNoNetworkConfig() {
    assertThat(files(new CloudInit(null, null, null, List.of()), Map.of()))
        .doesNotContainKey("network-config");
  }

  private static Map<String, String> files(CloudInit cloudInit, Map<String, String> given) {
    VirtualMachine machine = World.machine("web", cloudInit);
    machine.getMetadata().setUid("uid-of-web");
    return Seed.files(machine, cloudInit, given);
  }
}
