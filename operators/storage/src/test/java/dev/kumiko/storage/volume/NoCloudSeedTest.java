package dev.kumiko.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.reconcile.Rejection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NoCloudSeedTest {
  private static final Map<String, String> SECRET =
      Map.of(
          "user-data", "#cloud-config\nhostname: web-1\n" + "#\n".repeat(1500),
          "meta-data", "instance-id: 7\n",
          "network-config", "version: 2\n");

  @TempDir Path directory;

  @Test
  void theSameFilesGiveTheSameBytes() {
    assertThat(seed(SECRET).bytes()).isEqualTo(seed(SECRET).bytes());
    assertThat(seed(SECRET).digest()).isEqualTo(seed(SECRET).digest());
  }

  @Test
  void otherContentGivesAnotherDigest() {
    Map<String, String> other = Map.of("user-data", "#cloud-config\n", "meta-data", "");
    assertThat(seed(other).digest()).isNotEqualTo(seed(SECRET).digest());
  }

  @Test
  void isAWholeNumberOfPages() {
    assertThat(seed(SECRET).bytes().length % 4096).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"user-data", "meta-data"})
  void aSecretWithoutARequiredKeyIsRefusedByName(String key) {
    Map<String, String> lacking = new java.util.HashMap<>(SECRET);
    lacking.remove(key);
    assertThatThrownBy(() -> seed(lacking))
        .isInstanceOf(Rejection.class)
        .hasMessageContaining("Secret web lacks the key " + key);
  }

  @Test
  void neverShowsItsContent() {
    assertThat(seed(SECRET).toString()).doesNotContain("web-1").contains("user-data");
  }

  @Test
  @EnabledIf("hasIsoinfo")
  void otherReadersFindTheFilesByTheirLongNames() throws Exception {
    Path iso = Files.write(directory.resolve("seed.iso"), seed(SECRET).bytes());
    assertThat(isoinfo(iso, "-d")).contains("Volume id: cidata");
    for (String names : List.of("-R", "-J")) {
      assertThat(isoinfo(iso, names, "-f")).contains("/meta-data", "/network-config", "/user-data");
      for (Map.Entry<String, String> file : SECRET.entrySet()) {
        assertThat(isoinfo(iso, names, "-x", "/" + file.getKey())).isEqualTo(file.getValue());
      }
    }
  }

  static boolean hasIsoinfo() {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "isoinfo")));
  }

  private static NoCloudSeed seed(Map<String, String> secret) {
    return NoCloudSeed.of("web", secret);
  }

  private static String isoinfo(Path iso, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("isoinfo", "-i", iso.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(false).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return output;
  }
}
