package dev.kumiko.storage.ceph;

import com.ceph.rbd.RbdException;
import com.ceph.rbd.RbdImage;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.kumiko.storage.ceph.CephException.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** The images of an open pool: every change to them that {@link CephPool} promises. */
final class RbdImages {
  private static final int ERANGE = 34;
  private static final long NAMES_BYTES = 1 << 16;

  private final CephSession session;
  private final LibCeph lib;
  private final Failures failures;
  private final RbdDirectory directory;
  private final Optional<String> dataPool;

  RbdImages(CephSession session, Optional<String> dataPool) {
    this.session = session;
    this.lib = session.lib();
    this.failures = session.failures();
    this.directory = new RbdDirectory(session);
    this.dataPool = dataPool;
  }

  List<String> list(String prefix) {
    LongByReference length = new LongByReference(NAMES_BYTES);
    while (true) {
      try (Memory names = new Memory(Math.max(1, length.getValue()))) {
        int returnCode = lib.rbd_list(session.pool(), names, length);
        if (returnCode == -ERANGE) {
          continue;
        }
        failures.check("list the images", returnCode);
        List<String> found = new ArrayList<>(OpenImage.strings(names, returnCode));
        found.removeIf(name -> !name.startsWith(prefix));
        found.sort(null);
        return found;
      }
    }
  }

  <T> Optional<T> find(String name, Function<OpenImage, T> use) {
    try {
      return Optional.of(session.reading(name, image -> use.apply(new OpenImage(session, image))));
    } catch (CephException e) {
      if (e.reason() == Reason.MISSING) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Also of an image of which only the name is left and that opens no more; and of a name that an
   * interrupted rename left, which opens an image that has another.
   */
  Optional<ImageFacts> facts(String name) {
    Optional<ImageFacts> opened = find(name, OpenImage::facts);
    if (opened.filter(image -> hasName(image, name)).isPresent()) {
      return opened;
    }
    return opened.isPresent() || directory.has(name)
        ? Optional.of(ImageFacts.remnant(name))
        : Optional.empty();
  }

  private boolean hasName(ImageFacts image, String name) {
    return directory.idOf(name).equals(Optional.of(image.id()));
  }

  void create(String name, long sizeBytes) {
    int returnCode =
        withOptions(options -> lib.rbd_create4(session.pool(), name, sizeBytes, options));
    if (returnCode < 0) {
      acceptIf(
          failures.of("create " + name, returnCode), name, image -> image.sizeBytes() == sizeBytes);
    }
  }

  void clone(ImageSnapshot parent, String name) {
    Pointer pool = session.pool();
    int returnCode =
        withOptions(options -> {
          lib.rbd_image_options_set_uint64(options, LibCeph.OPTION_CLONE_FORMAT, 2);
          return lib.rbd_clone3(pool, parent.image(), parent.snapshot(), pool, name, options);
        });
    if (returnCode < 0) {
      acceptIf(
          failures.of("clone " + parent + " to " + name, returnCode),
          name,
          image -> image.parent().equals(Optional.of(parent)));
    }
  }

  void grow(String name, long sizeBytes) {
    session.writing(
        name,
        image ->
            open(image).sizeBytes() >= sizeBytes
                ? 0
                : failures.check(
                    "grow " + name,
                    lib.rbd_resize2(
                        image.getPointer(), sizeBytes, false, (_, _, _) -> 0, Pointer.NULL)));
  }

  /** A name that is in the way, and no image's, is what an interrupted rename left. */
  void rename(String from, String to) {
    try {
      session.rbd().rename(from, to);
    } catch (RbdException e) {
      RuntimeException failure = failures.of("rename " + from + " to " + to, e.getReturnValue());
      if (isBecause(failure, Reason.EXISTS) && directory.idOf(to).isEmpty()) {
        directory.forget(to);
        rename(from, to);
      } else if (!isBecause(failure, Reason.MISSING) || find(to, OpenImage::features).isEmpty()) {
        throw failure;
      }
    }
  }

  void remove(String name) {
    Optional<ImageFacts> found = facts(name);
    if (found.isEmpty()) {
      return;
    }
    if (found.get().isRemnant() && directory.idOf(name).isEmpty()) {
      directory.forget(name);
    }
    refuseWhileUsed(found.get());
    for (String snapshot : found.get().snapshots()) {
      session.writing(name, image -> removeSnapshot(image, snapshot));
    }
    try {
      session.rbd().remove(name);
    } catch (RbdException e) {
      RuntimeException failure = failures.of("remove " + name, e.getReturnValue());
      if (!isBecause(failure, Reason.MISSING)) {
        throw failure;
      }
    }
  }

  void putMeta(String name, Map<String, String> meta) {
    session.writing(
        name,
        image -> {
          new TreeMap<>(meta)
              .forEach((key, value) ->
                  failures.check(
                      "mark " + name, lib.rbd_metadata_set(image.getPointer(), key, value)));
          return name;
        });
  }

  void snapshot(String name, String snapshot) {
    session.writing(
        name,
        image -> {
          if (!open(image).snapshots().contains(snapshot)) {
            createSnapshot(image, snapshot);
          }
          return snapshot;
        });
  }

  void enableExclusiveLock(String name) {
    session.writing(
        name,
        image ->
            (open(image).features() & LibCeph.EXCLUSIVE_LOCK) != 0
                ? 0
                : failures.check(
                    "enable exclusive-lock on " + name,
                    lib.rbd_update_features(image.getPointer(), LibCeph.EXCLUSIVE_LOCK, (byte) 1)));
  }

  byte[] read(String name, long offsetBytes, int length) {
    return session.reading(
        name,
        image -> {
          byte[] content = new byte[length];
          int read = failures.check("read " + name, image.read(offsetBytes, content, length));
          return Arrays.copyOf(content, read);
        });
  }

  private OpenImage open(RbdImage image) {
    return new OpenImage(session, image);
  }

  private void refuseWhileUsed(ImageFacts image) {
    List<String> children = find(image.name(), OpenImage::children).orElse(List.of());
    if (!children.isEmpty()) {
      throw new CephException(
          Reason.BUSY,
          "remove %s: it has clones: %s".formatted(image.name(), String.join(", ", children)));
    }
    if (!image.watchers().isEmpty()) {
      throw new CephException(
          Reason.BUSY,
          "remove %s: open at %s".formatted(image.name(), image.watchers().getFirst().address()));
    }
  }

  private String removeSnapshot(RbdImage image, String snapshot) {
    try {
      if (image.snapIsProtected(snapshot)) {
        image.snapUnprotect(snapshot);
      }
      image.snapRemove(snapshot);
      return snapshot;
    } catch (RbdException e) {
      throw failures.of("remove snapshot " + image.getName() + "@" + snapshot, e.getReturnValue());
    }
  }

  private void createSnapshot(RbdImage image, String snapshot) {
    try {
      image.snapCreate(snapshot);
    } catch (RbdException e) {
      throw failures.of("make snapshot " + image.getName() + "@" + snapshot, e.getReturnValue());
    }
  }

  /** Lets a creation pass that found its own earlier result. */
  private void acceptIf(RuntimeException failure, String name, Function<OpenImage, Boolean> same) {
    if (!isBecause(failure, Reason.EXISTS) || !find(name, same).orElse(false)) {
      throw failure;
    }
  }

  private int withOptions(Function<Pointer, Integer> use) {
    PointerByReference reference = new PointerByReference();
    lib.rbd_image_options_create(reference);
    Pointer options = reference.getValue();
    try {
      lib.rbd_image_options_set_uint64(options, LibCeph.OPTION_FORMAT, 2);
      lib.rbd_image_options_set_uint64(options, LibCeph.OPTION_FEATURES, LibCeph.FEATURES);
      dataPool.ifPresent(
          pool -> lib.rbd_image_options_set_string(options, LibCeph.OPTION_DATA_POOL, pool));
      return use.apply(options);
    } finally {
      lib.rbd_image_options_destroy(options);
    }
  }

  private static boolean isBecause(RuntimeException failure, Reason reason) {
    return failure instanceof CephException answer && answer.reason() == reason;
  }
}
