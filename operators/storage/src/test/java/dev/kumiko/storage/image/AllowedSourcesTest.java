package dev.kumiko.storage.image;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.reconcile.Rejection;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AllowedSourcesTest {
  private static final AllowedSources ANY = AllowedSources.of(List.of(), Certificates.PUBLIC);
  private static final AllowedSources LISTED =
      AllowedSources.of(
          List.of(
              "https://images.example.org/linux",
              "http://10.77.0.1:8080/",
              "http://127.0.0.1:8081",
              "http://localhost:8082/",
              "file:///srv/images/"),
          Certificates.PUBLIC);

  @ParameterizedTest
  @ValueSource(strings = {"https://example.org/a.qcow2", "http://example.org/a"})
  void withoutAListAnyWebAddressIsAllowed(String url) {
    assertThatCode(() -> ANY.check(URI.create(url))).doesNotThrowAnyException();
  }

  @Test
  void withoutAListOtherPortsAreNotAllowed() {
    refused("SourceNotAllowed", () -> ANY.check(URI.create("http://example.org:6641/a")));
  }

  @Test
  void thePlatformsOwnAddressesAreAllowedOnlyWhereTheyAreListedThemselves() {
    InetAddress fabric = InetAddress.ofLiteral("10.77.0.1");
    refused(
        "SourceNotAllowed",
        () ->
            LISTED.check(URI.create("https://images.example.org/linux/a"), fabric, fabric::equals));
    assertThatCode(
            () -> LISTED.check(URI.create("http://10.77.0.1:8080/a"), fabric, fabric::equals))
        .doesNotThrowAnyException();
  }

  @Test
  void withoutAListFilesAreNotAllowed() {
    refused("SourceNotAllowed", () -> ANY.check(URI.create("file:///etc/shadow")));
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.org/, 10.0.0.5",
    "https://example.org/, 127.0.0.1",
    "https://example.org/, 169.254.169.254",
    "http://127.0.0.1/, 127.0.0.1",
    "https://example.org/, fe80::1",
  })
  void withoutAListOnlyPublicAddressesAreAllowed(String url, String address) {
    refused(
        "SourceNotAllowed",
        () -> ANY.check(URI.create(url), InetAddress.ofLiteral(address), _ -> false));
    assertThatCode(() -> ANY.check(URI.create(url), InetAddress.ofLiteral("1.2.3.4"), _ -> false))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://images.example.org/linux/a.raw",
        "https://IMAGES.example.org:443/linux/a.raw",
        "https://images.example.org/linux",
        "http://10.77.0.1:8080/a",
        "http://127.0.0.1:8081/a",
        "file:///srv/images/a.raw"
      })
  void whatStartsWithAPrefixIsAllowed(String url) {
    assertThatCode(() -> LISTED.check(URI.create(url))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://images.example.org/linuxes/a.raw",
        "https://images.example.org/",
        "http://images.example.org/linux/a.raw",
        "https://images.example.org:8443/linux/a.raw",
        "https://images.example.org.evil.net/linux/a.raw",
        "http://10.77.0.1/a",
        "http://10.77.0.11:8080/a",
        "file:///srv/images-of-others/a.raw",
        "file:///etc/passwd"
      })
  void whatOnlyLooksLikeAPrefixIsRefused(String url) {
    refused("SourceNotAllowed", () -> LISTED.check(URI.create(url)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://images.example.org/linux/a.raw",
        "https://user@images.example.org/linux/a.raw",
        "https://images.example.org/linux/../secret",
        "https://images.example.org/linux/%2e%2e/secret",
        "https://images.example.org/linux/..%2fsecret",
        "https://images.example.org/linux/a.raw#x",
        "file:///srv/images/../../etc/passwd",
        "file://host/srv/images/a.raw",
        "https:///a.raw"
      })
  void trickyFormsAreInvalid(String url) {
    refused("InvalidSource", () -> LISTED.check(URI.create(url)));
  }

  @Test
  void aListedHostMayBePrivateButNotLocal() {
    URI url = URI.create("https://images.example.org/linux/a");
    assertThatCode(() -> LISTED.check(url, InetAddress.ofLiteral("10.1.2.3"), _ -> false))
        .doesNotThrowAnyException();
    refused(
        "SourceNotAllowed",
        () -> LISTED.check(url, InetAddress.ofLiteral("127.0.0.1"), _ -> false));
    refused(
        "SourceNotAllowed",
        () -> LISTED.check(url, InetAddress.ofLiteral("169.254.169.254"), _ -> false));
  }

  @Test
  void aListedLoopbackAddressMayBeUsed() {
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    assertThatCode(() -> LISTED.check(URI.create("http://127.0.0.1:8081/a"), loopback, _ -> false))
        .doesNotThrowAnyException();
    assertThatCode(() -> LISTED.check(URI.create("http://localhost:8082/a"), loopback, _ -> false))
        .doesNotThrowAnyException();
    refused(
        "SourceNotAllowed",
        () ->
            LISTED.check(
                URI.create("http://127.0.0.1:8081/a"),
                InetAddress.ofLiteral("127.0.0.2"),
                _ -> false));
  }

  @Test
  void aFileMustLieInAListedDirectory() {
    assertThatCode(() -> LISTED.checkFile(Path.of("/srv/images/sub/a.raw")))
        .doesNotThrowAnyException();
    refused("SourceNotAllowed", () -> LISTED.checkFile(Path.of("/srv/images2/a.raw")));
    refused("SourceNotAllowed", () -> LISTED.checkFile(Path.of("/etc/passwd")));
  }

  private static void refused(String reason, Runnable check) {
    assertThatThrownBy(check::run)
        .isInstanceOfSatisfying(
            Rejection.class,
            e -> org.assertj.core.api.Assertions.assertThat(e.reason()).isEqualTo(reason));
  }
}
