package dev.kumiko.storage.volume;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A CD-ROM image with some files in its root directory: the same bytes for the same files.
 *
 * <p>Long names are there twice, as Rock Ridge (Linux, BSD) and as Joliet (Windows). Source:
 * ECMA-119, IEEE P1282 (Rock Ridge), the Joliet specification.
 */
final class IsoVolume {
  private static final int SECTOR = 2048;
  private static final int PRIMARY = 16;
  private static final int JOLIET = 17;
  private static final int TERMINATOR = 18;
  private static final int PRIMARY_PATHS = 19;
  private static final int JOLIET_PATHS = 21;
  private static final int PRIMARY_ROOT = 23;
  private static final int JOLIET_ROOT = 24;
  private static final int FIRST_FILE = 25;
  private static final int DIRECTORY_MODE = 0040555;
  private static final int FILE_MODE = 0100444;
  private static final byte[] NO_DATE = "0000000000000000\0".getBytes(StandardCharsets.US_ASCII);

  /** One file of the root directory. */
  record File(String name, String content) {
    byte[] bytes() {
      return content.getBytes(StandardCharsets.UTF_8);
    }

    int sectors() {
      return (bytes().length + SECTOR - 1) / SECTOR;
    }
  }

  private final String label;
  private final List<File> files;
  private final int sectors;

  IsoVolume(String label, List<File> files) {
    this.label = label;
    this.files = List.copyOf(files);
    this.sectors = FIRST_FILE + files.stream().mapToInt(File::sectors).sum();
  }

  byte[] bytes() {
    ByteBuffer image = ByteBuffer.allocate(sectors * SECTOR);
    put(image, PRIMARY, descriptor(1, StandardCharsets.US_ASCII, PRIMARY_PATHS, PRIMARY_ROOT));
    put(image, JOLIET, descriptor(2, StandardCharsets.UTF_16BE, JOLIET_PATHS, JOLIET_ROOT));
    put(image, TERMINATOR, sector().put((byte) 255).put(ascii("CD001")).put((byte) 1));
    put(image, PRIMARY_PATHS, paths(PRIMARY_ROOT, ByteOrder.LITTLE_ENDIAN));
    put(image, PRIMARY_PATHS + 1, paths(PRIMARY_ROOT, ByteOrder.BIG_ENDIAN));
    put(image, JOLIET_PATHS, paths(JOLIET_ROOT, ByteOrder.LITTLE_ENDIAN));
    put(image, JOLIET_PATHS + 1, paths(JOLIET_ROOT, ByteOrder.BIG_ENDIAN));
    put(image, PRIMARY_ROOT, root(PRIMARY_ROOT, true));
    put(image, JOLIET_ROOT, root(JOLIET_ROOT, false));
    int at = FIRST_FILE;
    for (File file : files) {
      image.position(at * SECTOR).put(file.bytes());
      at += file.sectors();
    }
    return image.array();
  }

  private ByteBuffer descriptor(int type, Charset charset, int paths, int root) {
    ByteBuffer sector = sector();
    sector.put((byte) type).put(ascii("CD001")).put((byte) 1).put((byte) 0);
    sector.put(padded("", 32, charset)).put(padded(label, 32, charset));
    both32(sector.position(80), sectors);
    if (type == 2) {
      sector.position(88).put(ascii("%/E"));
    }
    both16(sector.position(120), 1);
    both16(sector, 1);
    both16(sector, SECTOR);
    both32(sector, paths(root, ByteOrder.LITTLE_ENDIAN).position());
    sector.order(ByteOrder.LITTLE_ENDIAN).putInt(paths).putInt(0);
    sector.order(ByteOrder.BIG_ENDIAN).putInt(paths + 1).putInt(0);
    sector.put(entry(new byte[1], root, SECTOR, true, new byte[0]));
    for (int field : new int[] {128, 128, 128, 128, 37, 37, 37}) {
      sector.put(padded("", field, charset));
    }
    for (int date = 0; date < 4; date++) {
      sector.put(NO_DATE);
    }
    return sector.put((byte) 1);
  }

  /** A path table with only the root. */
  private static ByteBuffer paths(int root, ByteOrder order) {
    ByteBuffer sector = sector().order(order);
    sector.put((byte) 1).put((byte) 0).putInt(root).putShort((short) 1);
    return sector.put((byte) 0).put((byte) 0);
  }

  private ByteBuffer root(int at, boolean rockRidge) {
    ByteBuffer sector = sector();
    byte[] attributes = rockRidge ? attributes(DIRECTORY_MODE, 2) : new byte[0];
    byte[] self = rockRidge ? joined(ascii("SP\7\1\276\357\0"), attributes) : new byte[0];
    sector.put(entry(new byte[] {0}, at, SECTOR, true, self));
    sector.put(entry(new byte[] {1}, at, SECTOR, true, attributes));
    int first = FIRST_FILE;
    List<Integer> starts = new ArrayList<>();
    for (File file : files) {
      starts.add(first);
      first += file.sectors();
    }
    for (int i = 0; i < files.size(); i++) {
      File file = files.get(i);
      byte[] name =
          rockRidge
              ? ascii(shortName(file.name(), i))
              : file.name().getBytes(StandardCharsets.UTF_16BE);
      byte[] extra =
          rockRidge ? joined(attributes(FILE_MODE, 1), longName(file.name())) : new byte[0];
      sector.put(entry(name, starts.get(i), file.bytes().length, false, extra));
    }
    return sector;
  }

  private static byte[] entry(
      byte[] name, int start, int lengthBytes, boolean directory, byte[] extra) {
    int named = 33 + name.length + (name.length + 1) % 2;
    int length = named + extra.length + extra.length % 2;
    ByteBuffer entry = ByteBuffer.allocate(length);
    entry.put((byte) length).put((byte) 0);
    both32(entry, start);
    both32(entry, lengthBytes);
    entry.put(new byte[] {70, 1, 1, 0, 0, 0, 0}).put((byte) (directory ? 2 : 0));
    entry.put((byte) 0).put((byte) 0);
    both16(entry, 1);
    entry.put((byte) name.length).put(name).position(named).put(extra);
    return entry.array();
  }

  /** Rock Ridge PX: mode, links, user, group. */
  private static byte[] attributes(int mode, int links) {
    ByteBuffer field = ByteBuffer.allocate(36).put(ascii("PX")).put((byte) 36).put((byte) 1);
    both32(field, mode);
    both32(field, links);
    both32(field, 0);
    both32(field, 0);
    return field.array();
  }

  /** Rock Ridge NM. */
  private static byte[] longName(String name) {
    byte[] text = ascii(name);
    ByteBuffer field = ByteBuffer.allocate(5 + text.length);
    field.put(ascii("NM")).put((byte) field.capacity()).put((byte) 1).put((byte) 0).put(text);
    return field.array();
  }

  /** Names of 8 letters for readers that know nothing longer; the index keeps them apart. */
  private static String shortName(String name, int index) {
    String letters = name.replaceAll("[^A-Za-z0-9]", "").toUpperCase(Locale.ROOT);
    return letters.substring(0, Math.min(7, letters.length())) + index + ".;1";
  }

  private static void put(ByteBuffer image, int at, ByteBuffer sector) {
    image.position(at * SECTOR).put(sector.clear());
  }

  private static ByteBuffer sector() {
    return ByteBuffer.allocate(SECTOR);
  }

  private static byte[] padded(String text, int bytes, Charset charset) {
    int width = charset.equals(StandardCharsets.UTF_16BE) ? 2 : 1;
    String spaced = text + " ".repeat(bytes / width - text.length());
    return ByteBuffer.allocate(bytes).put(spaced.getBytes(charset)).array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  private static void both16(ByteBuffer buffer, int value) {
    buffer.order(ByteOrder.LITTLE_ENDIAN).putShort((short) value);
    buffer.order(ByteOrder.BIG_ENDIAN).putShort((short) value);
  }

  private static void both32(ByteBuffer buffer, int value) {
    buffer.order(ByteOrder.LITTLE_ENDIAN).putInt(value);
    buffer.order(ByteOrder.BIG_ENDIAN).putInt(value);
  }
}
