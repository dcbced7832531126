package dev.kumiko.compute.libvirt;

import static dev.kumiko.compute.libvirt.LibvirtFailure.check;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import dev.kumiko.reconcile.Rejection;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.libvirt.LibvirtException;
import org.libvirt.Secret;
import org.libvirt.jna.Libvirt;
import org.libvirt.jna.SecretPointer;

/**
 * Ceph keys on a host: ephemeral, so that they never reach its disk, and private, so that no client
 * reads them back. The description tells which key it is, by a fingerprint.
 */
final class HostSecrets {
  private static final Pattern OURS =
      Pattern.compile("<description>kumiko ([0-9a-f]*)</description>");
  private static final Pattern USAGE = Pattern.compile("<name>([^<]+)</name>");

  private HostSecrets() {}

  /** Fingerprint of each secret that we provided, by usage. */
  static Map<String, String> known(HostConnection connection) {
    PointerByReference list = new PointerByReference();
    int count =
        check(
            LibvirtExtras.VIRT.virConnectListAllSecrets(connection.handle(), list, 0),
            "virConnectListAllSecrets");
    Map<String, String> known = new LinkedHashMap<>();
    Pointer array = list.getValue();
    for (int i = 0; i < count; i++) {
      SecretPointer secret = new SecretPointer();
      secret.setPointer(array.getPointer((long) i * Native.POINTER_SIZE));
      String document =
          check(Libvirt.INSTANCE.virSecretGetXMLDesc(secret, 0), "virSecretGetXMLDesc").toString();
      Libvirt.INSTANCE.virSecretFree(secret);
      Matcher ours = OURS.matcher(document);
      Matcher usage = USAGE.matcher(document);
      if (ours.find() && usage.find()) {
        known.put(usage.group(1), ours.group(1));
      }
    }
    Native.free(Pointer.nativeValue(array));
    return known;
  }

  /** Removes every secret that we provided. */
  static void withdraw(HostConnection connection) {
    try {
      for (String usage : known(connection).keySet()) {
        Secret secret = connection.connect().secretLookupByUUID(uuid(usage));
        secret.undefine();
        secret.free();
      }
    } catch (LibvirtException e) {
      throw LibvirtFailure.of(e);
    }
  }

  private static UUID uuid(String usage) {
    return UUID.nameUUIDFromBytes(usage.getBytes(StandardCharsets.UTF_8));
  }

  /** The fingerprint is written last: a half-provided secret is provided again. */
  static void provide(HostConnection connection, CephSecret secret) {
    UUID uuid = uuid(secret.usage());
    refuseForeign(connection, secret);
    try {
      Secret defined = define(connection, secret, uuid, "");
      byte[] key = secret.key();
      defined.setValue(key);
      java.util.Arrays.fill(key, (byte) 0);
      defined.free();
      define(connection, secret, uuid, secret.fingerprint()).free();
    } catch (LibvirtException e) {
      throw LibvirtFailure.of(e);
    }
  }

  private static void refuseForeign(HostConnection connection, CephSecret secret) {
    int ceph = 2;
    Optional.ofNullable(
            Libvirt.INSTANCE.virSecretLookupByUsage(connection.handle(), ceph, secret.usage()))
        .ifPresent(found -> {
          String document =
              check(Libvirt.INSTANCE.virSecretGetXMLDesc(found, 0), "virSecretGetXMLDesc")
                  .toString();
          Libvirt.INSTANCE.virSecretFree(found);
          if (!OURS.matcher(document).find()) {
            throw new Rejection(
                "ForeignSecret",
                "the host has a libvirt secret with usage "
                    + secret.usage()
                    + " that is not ours: remove it there");
          }
        });
  }

  private static Secret define(
      HostConnection connection, CephSecret secret, UUID uuid, String fingerprint)
      throws LibvirtException {
    return connection
        .connect()
        .secretDefineXML(
            """
            <secret ephemeral='yes' private='yes'>
              <uuid>%s</uuid>
              <description>kumiko %s</description>
              <usage type='ceph'><name>%s</name></usage>
            </secret>
            """
                .formatted(uuid, fingerprint, secret.usage()));
  }
}
