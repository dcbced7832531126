package dev.kumiko.storage.ceph;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lab's cluster, from the file that {@code CEPH_CONF} names and the keyring that it names. */
public final class LabCeph {
  private LabCeph() {}

  /** How the administrator reaches the pool {@code CEPH_POOL}, {@code vms} if that is not set. */
  public static CephCredentials administrator() {
    String user = "admin";
    String conf = content(Path.of(System.getenv("CEPH_CONF")));
    String keyring = content(Path.of(setting(conf, "keyring").replace("$name", "client." + user)));
    String pool = Optional.ofNullable(System.getenv("CEPH_POOL")).orElse("vms");
    return new CephCredentials(
        List.of(setting(conf, "mon host")), pool, Optional.empty(), user, key(keyring, user));
  }

  private static String key(String keyring, String user) {
    return setting(keyring.substring(keyring.indexOf("[client." + user + "]")), "key");
  }

  /** The first value of a setting whose words are apart by spaces or underscores. */
  private static String setting(String file, String name) {
    Matcher line =
        Pattern.compile("(?m)^\\s*" + name.replace(" ", "[ _]") + "\\s*=\\s*(.+?)\\s*$")
            .matcher(file);
    if (!line.find()) {
      throw new IllegalStateException("no setting " + name);
    }
    return line.group(1);
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
