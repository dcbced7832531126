package dev.kumiko.storage.ceph;

import com.ceph.rbd.RbdException;
import com.ceph.rbd.RbdImage;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the facts of one image that is open. */
final class OpenImage {
  private static final int ENOENT = 2;
  private static final int ERANGE = 34;
  private static final int NAME_BYTES = 4096;
  private static final int WATCHER_BYTES = 24;
  private static final int USERS_NAMESPACE = 0;
  private static final int CHILD_BYTES = 48;
  private static final int CHILD_NAME_OFFSET = 32;

  private final LibCeph lib;
  private final Failures failures;
  private final RbdImage image;
  private final Pointer handle;

  OpenImage(CephSession session, RbdImage image) {
    this.lib = session.lib();
    this.failures = session.failures();
    this.image = image;
    this.handle = image.getPointer();
  }

  /** The lock is read first: who takes it in between is then among the watchers. */
  ImageFacts facts() {
    Optional<CephClient> lockOwner = lockOwner();
    return new ImageFacts(
        image.getName(),
        id(),
        sizeBytes(),
        (features() & LibCeph.EXCLUSIVE_LOCK) != 0,
        parent(),
        snapshots(),
        meta(),
        watchers(),
        lockOwner);
  }

  long sizeBytes() {
    LongByReference size = new LongByReference();
    check("read the size", lib.rbd_get_size(handle, size));
    return size.getValue();
  }

  long features() {
    LongByReference features = new LongByReference();
    check("read the features", lib.rbd_get_features(handle, features));
    return features.getValue();
  }

  Optional<ImageSnapshot> parent() {
    try (Memory pool = cleared(NAME_BYTES);
        Memory name = cleared(NAME_BYTES);
        Memory snapshot = cleared(NAME_BYTES)) {
      int returnCode =
          lib.rbd_get_parent_info(handle, pool, NAME_BYTES, name, NAME_BYTES, snapshot, NAME_BYTES);
      if (returnCode == -ENOENT) {
        return Optional.empty();
      }
      check("read the parent", returnCode);
      return Optional.of(new ImageSnapshot(text(name), text(snapshot)));
    }
  }

  /** Not those whose removal has begun: librbd keeps them under another name, and ends it. */
  List<String> snapshots() {
    try {
      return image.snapList().stream()
          .filter(snapshot -> isUsers(snapshot.id))
          .map(snapshot -> snapshot.name)
          .sorted()
          .toList();
    } catch (RbdException e) {
      throw failures.of("list the snapshots of " + image.getName(), e.getReturnValue());
    }
  }

  private boolean isUsers(long snapshot) {
    IntByReference type = new IntByReference();
    check("read a snapshot", lib.rbd_snap_get_namespace_type(handle, snapshot, type));
    return type.getValue() == USERS_NAMESPACE;
  }

  List<String> children() {
    LongByReference count = new LongByReference(64);
    while (true) {
      try (Memory children = cleared(CHILD_BYTES * Math.max(1, count.getValue()))) {
        int returnCode = lib.rbd_list_children3(handle, children, count);
        if (returnCode == -ERANGE) {
          continue;
        }
        check("list the clones", returnCode);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count.getValue(); i++) {
          names.add(text(children.getPointer((long) i * CHILD_BYTES + CHILD_NAME_OFFSET)));
        }
        lib.rbd_linked_image_spec_list_cleanup(children, count.getValue());
        return names.stream().sorted().toList();
      }
    }
  }

  List<CephClient> watchers() {
    LongByReference count = new LongByReference(16);
    while (true) {
      try (Memory watchers = cleared(WATCHER_BYTES * Math.max(1, count.getValue()))) {
        int returnCode = lib.rbd_watchers_list(handle, watchers, count);
        if (returnCode == -ERANGE) {
          continue;
        }
        check("list the watchers", returnCode);
        List<CephClient> clients = new ArrayList<>();
        for (int i = 0; i < count.getValue(); i++) {
          long at = (long) i * WATCHER_BYTES;
          clients.add(new CephClient(text(watchers.getPointer(at)), watchers.getLong(at + 8)));
        }
        lib.rbd_watchers_list_cleanup(watchers, count.getValue());
        return clients;
      }
    }
  }

  Optional<CephClient> lockOwner() {
    LongByReference[] lengths = new LongByReference[4];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = new LongByReference(NAME_BYTES);
    }
    try (Memory tag = cleared(NAME_BYTES);
        Memory clients = cleared(NAME_BYTES);
        Memory cookies = cleared(NAME_BYTES);
        Memory addresses = cleared(NAME_BYTES)) {
      long count =
          lib.rbd_list_lockers(
              handle,
              new IntByReference(),
              tag,
              lengths[0],
              clients,
              lengths[1],
              cookies,
              lengths[2],
              addresses,
              lengths[3]);
      check("read the lock", count);
      if (count == 0) {
        return Optional.empty();
      }
      return Optional.of(new CephClient(text(addresses), clientId(text(clients))));
    }
  }

  Map<String, String> meta() {
    long room = 1 << 16;
    while (true) {
      LongByReference keysLength = new LongByReference(room);
      LongByReference valuesLength = new LongByReference(room);
      try (Memory keys = cleared(room);
          Memory values = cleared(room)) {
        int returnCode =
            lib.rbd_metadata_list(handle, "", 0, keys, keysLength, values, valuesLength);
        if (returnCode == -ERANGE) {
          room = 2 * Math.max(keysLength.getValue(), valuesLength.getValue());
          continue;
        }
        check("read the metadata", returnCode);
        List<String> names = strings(keys, keysLength.getValue());
        List<String> contents = strings(values, valuesLength.getValue());
        Map<String, String> meta = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
          meta.put(names.get(i), contents.get(i));
        }
        return meta;
      }
    }
  }

  private String id() {
    try (Memory id = cleared(NAME_BYTES)) {
      check("read the id", lib.rbd_get_id(handle, id, NAME_BYTES));
      return text(id);
    }
  }

  private void check(String operation, long result) {
    failures.check(operation + " of " + image.getName(), result);
  }

  private static long clientId(String entity) {
    return Long.parseLong(entity.substring(entity.lastIndexOf('.') + 1));
  }

  private static Memory cleared(long bytes) {
    Memory memory = new Memory(bytes);
    memory.clear();
    return memory;
  }

  private static String text(Pointer pointer) {
    return pointer.getString(0, StandardCharsets.UTF_8.name());
  }

  /** Splits {@code length} bytes of strings that each end in a zero byte. */
  static List<String> strings(Memory memory, long length) {
    List<String> strings = new ArrayList<>();
    long at = 0;
    while (at < length) {
      String string = memory.getString(at, StandardCharsets.UTF_8.name());
      strings.add(string);
      at += string.getBytes(StandardCharsets.UTF_8).length + 1;
    }
    return strings;
  }
}
