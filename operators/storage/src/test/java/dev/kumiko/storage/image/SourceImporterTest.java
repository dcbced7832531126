package dev.kumiko.storage.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.reconcile.Ownership;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.storage.ceph.InMemoryCephPool;
import dev.kumiko.v1alpha1.Image.Format;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SourceImporterTest {
  private static final int MIB = 1 << 20;
  private static final String TARGET = "image-1.new";

  @TempDir Path directory;
  private final InMemoryCephPool pool = new InMemoryCephPool();
  private final List<Integer> percents = new ArrayList<>();

  @Test
  void importsRawContentWithHolesAndMarksItComplete() throws Exception {
    byte[] disk = disk();
    Path file = Files.write(directory.resolve("disk.raw"), disk);
    run(order(file, Format.Raw, sha256(disk)));
    assertThat(pool.read(TARGET, 0, disk.length)).isEqualTo(disk);
    assertThat(pool.image(TARGET).orElseThrow().meta())
        .containsEntry(Importer.IMPORTED, sha256(disk).hex());
    assertThat(percents).isSorted().endsWith(100);
  }

  @Test
  void aDiskThatEndsInMidSectorIsRoundedUp() throws Exception {
    byte[] disk = "short".getBytes(StandardCharsets.UTF_8);
    Path file = Files.write(directory.resolve("disk.raw"), disk);
    run(order(file, Format.Raw, sha256(disk)));
    assertThat(pool.image(TARGET).orElseThrow().sizeBytes()).isEqualTo(512);
  }

  @Test
  void wrongContentIsRefusedAndNotMarked() throws Exception {
    Path file = Files.write(directory.resolve("disk.raw"), disk());
    refused(
        "ChecksumMismatch",
        order(file, Format.Raw, sha256("other".getBytes(StandardCharsets.UTF_8))));
    assertThat(pool.image(TARGET).orElseThrow().meta()).doesNotContainKey(Importer.IMPORTED);
  }

  @Test
  void rawContentThatIsReallyQcow2StaysTheBytesThatItIs() throws Exception {
    byte[] hostile = new Qcow2Bytes().with(12, 1024).with(16, 11).array();
    System.arraycopy("/etc/shadow".getBytes(StandardCharsets.UTF_8), 0, hostile, 1024, 11);
    Path file = Files.write(directory.resolve("disk.raw"), hostile);
    run(order(file, Format.Raw, sha256(hostile)));
    assertThat(pool.read(TARGET, 0, hostile.length)).isEqualTo(hostile);
  }

  @Test
  void hostileQcow2IsRefusedBeforeQemuSeesIt() throws Exception {
    byte[] hostile = new Qcow2Bytes().with(12, 1024).with(16, 11).array();
    Path file = Files.write(directory.resolve("disk.qcow2"), hostile);
    refused("ImageRefused", order(file, Format.Qcow2, sha256(hostile)));
    assertThat(pool.image(TARGET)).isEmpty();
  }

  @Test
  void aSourceAboveTheLimitIsRefused() throws Exception {
    Path file = directory.resolve("disk.raw");
    try (var out =
        Files.newByteChannel(
            file,
            java.nio.file.StandardOpenOption.CREATE,
            java.nio.file.StandardOpenOption.WRITE)) {
      out.position(65L * MIB);
      out.write(java.nio.ByteBuffer.wrap(new byte[] {1}));
    }
    refused("ImageTooLarge", order(file, Format.Raw, sha256(new byte[0])));
  }

  @Test
  void aSourceAboveTheScratchSpaceIsRefusedWithTheSettingToRaise() throws Exception {
    byte[] content = new byte[3 * MIB];
    Path file = Files.write(directory.resolve("disk.qcow2"), content);
    refusedForWantOfScratch(2L * MIB, order(file, Format.Qcow2, sha256(content)));
  }

  @Test
  void aDiskThatDoesNotFitBesideItsSourceIsRefusedBeforeItIsWritten() throws Exception {
    byte[] content = new Qcow2Bytes().withLong(24, 2L * MIB).array();
    Path file = Files.write(directory.resolve("disk.qcow2"), content);
    refusedForWantOfScratch(2L * MIB, order(file, Format.Qcow2, sha256(content)));
  }

  @Test
  void anEmptySourceIsRefused() throws Exception {
    Path file = Files.write(directory.resolve("disk.raw"), new byte[0]);
    refused("ImageRefused", order(file, Format.Raw, sha256(new byte[0])));
  }

  @Test
  void workThatIsCancelledEnds() throws Exception {
    Path file = Files.write(directory.resolve("disk.raw"), disk());
    ImportOrder order = order(file, Format.Raw, sha256(disk()));
    assertThatThrownBy(() ->
            importer()
                .run(
                    order,
                    pool,
                    percent -> {
                      throw new CancellationException();
                    }))
        .isInstanceOf(CancellationException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "compressed", "zstd"})
  @EnabledIf("hasQemuImg")
  void importsQcow2AndLeavesNoScratch(String variant) throws Exception {
    byte[] disk = disk();
    Path raw = Files.write(directory.resolve("disk.raw"), disk);
    Path qcow2 = directory.resolve("disk.qcow2");
    List<String> command =
        new ArrayList<>(List.of("qemu-img", "convert", "-f", "raw", "-O", "qcow2"));
    switch (variant) {
      case "compressed" -> command.add("-c");
      case "zstd" -> command.addAll(List.of("-c", "-o", "compression_type=zstd"));
      default -> {}
    }
    command.addAll(List.of(raw.toString(), qcow2.toString()));
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    run(order(qcow2, Format.Qcow2, sha256(Files.readAllBytes(qcow2))));
    assertThat(pool.read(TARGET, 0, disk.length)).isEqualTo(disk);
    assertThat(percents).isSorted().endsWith(100);
    try (DirectoryStream<Path> left = Files.newDirectoryStream(directory.resolve("scratch"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  @EnabledIf("hasQemuImg")
  void qcow2ThatQemuCannotReadIsRefusedWithItsReason() throws Exception {
    byte[] broken = new Qcow2Bytes().withLong(40, 1L << 50).array();
    Path file = Files.write(directory.resolve("disk.qcow2"), broken);
    refused("ConversionFailed", order(file, Format.Qcow2, sha256(broken)));
  }

  /** With the lab up it must be there. */
  static boolean hasQemuImg() {
    return System.getenv("KUMIKO_LAB") != null
        || Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "qemu-img")));
  }

  private void run(ImportOrder order) throws IOException, InterruptedException {
    importer().run(order, pool, percents::add);
  }

  private SourceImporter importer() {
    return importer(Long.MAX_VALUE);
  }

  private SourceImporter importer(long scratchBytes) {
    return new SourceImporter(
        new Sources(Resolver.system(), _ -> false),
        new ScratchSpace(directory.resolve("scratch"), scratchBytes),
        64L * MIB);
  }

  private ImportOrder order(Path file, Format format, Checksum checksum) {
    return new ImportOrder(
        "file://" + file,
        checksum,
        format,
        AllowedSources.of(List.of("file://" + directory + "/"), Certificates.PUBLIC),
        TARGET,
        new Ownership("Image", "blue", "debian", "1"));
  }

  private void refusedForWantOfScratch(long scratchBytes, ImportOrder order) {
    assertThatThrownBy(() -> importer(scratchBytes).run(order, pool, percents::add))
        .isInstanceOfSatisfying(
            Rejection.class, e -> assertThat(e.reason()).isEqualTo("ImageTooLarge"))
        .hasMessageContaining("--scratch-gibibytes");
  }

  private void refused(String reason, ImportOrder order) {
    assertThatThrownBy(() -> run(order))
        .isInstanceOfSatisfying(
            Rejection.class, e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }

  /** 17 MiB: random, a hole of more than a chunk, random. */
  private static byte[] disk() {
    byte[] disk = new byte[17 * MIB];
    Random random = new Random(7);
    byte[] part = new byte[MIB];
    random.nextBytes(part);
    System.arraycopy(part, 0, disk, 0, MIB);
    System.arraycopy(part, 0, disk, 16 * MIB, MIB);
    return disk;
  }

  private static Checksum sha256(byte[] content) throws NoSuchAlgorithmException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
    return Checksum.parse("sha256:" + HexFormat.of().formatHex(digest));
  }
}
