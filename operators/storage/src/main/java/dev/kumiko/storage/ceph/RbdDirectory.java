package dev.kumiko.storage.ceph;

import com.google.common.primitives.Bytes;
import com.sun.jna.ptr.LongByReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a pool keeps the names of its images, asked directly: librbd opens nothing of an image
 * whose removal was interrupted, its list of the trash leaves such images out, and after an
 * interrupted rename it opens the one image by either name.
 *
 * <p>Source: Ceph's object class {@code rbd} (dir_get_id, trash_list); librbd's create and rename,
 * which write the object {@code rbd_id.NAME} before the directory; and its remove, which moves an
 * image to the trash before it takes it apart.
 */
final class RbdDirectory {
  private static final int ENOENT = 2;
  private static final int ID_BYTES = 4096;
  private static final int PAGE = 64;
  private static final int PAGE_BYTES = 1 << 18;
  private static final byte REMOVING = 3;
  private final CephSession session;

  RbdDirectory(CephSession session) {
    this.session = session;
  }

  /** Whether the name is taken, by an image or by what is left of one. */
  boolean has(String name) {
    return idOf(name).isPresent() || hasIdObject(name) || isBeingRemoved(name);
  }

  /** The id of the image whose one name this is. */
  Optional<String> idOf(String name) {
    return Optional.ofNullable(ask("rbd_directory", "dir_get_id", text(name), ID_BYTES))
        .map(RbdDirectory::text);
  }

  /**
   * Takes away what lets a name open although it is no image's name in the directory; the image
   * that opens keeps everything.
   */
  void forget(String name) {
    int returnCode = session.lib().rados_remove(session.pool(), idObject(name));
    if (returnCode != -ENOENT) {
      session.failures().check("remove " + idObject(name), returnCode);
    }
  }

  /** The removal of an object that there is not: refused as missing if permitted. */
  boolean mayWrite() {
    int returnCode = session.lib().rados_remove(session.pool(), "kumiko.no-such-object");
    return session.failures().isPermitted(returnCode, "");
  }

  private boolean hasIdObject(String name) {
    int returnCode =
        session
            .lib()
            .rados_stat(
                session.pool(), idObject(name), new LongByReference(), new LongByReference());
    return returnCode != -ENOENT
        && session.failures().check("look for " + idObject(name), returnCode) == 0;
  }

  private static String idObject(String name) {
    return "rbd_id." + name;
  }

  private boolean isBeingRemoved(String name) {
    String after = "";
    while (true) {
      byte[] question = Bytes.concat(text(after), bytes(PAGE));
      ByteBuffer page = ask("rbd_trash", "trash_list", question, PAGE_BYTES);
      if (page == null) {
        return false;
      }
      int entries = page.getInt();
      for (int i = 0; i < entries; i++) {
        after = text(page);
        if (isRemoved(page, name)) {
          return true;
        }
      }
      if (entries < PAGE) {
        return false;
      }
    }
  }

  /** One entry: version, oldest version that reads it, length; then source and name first. */
  private static boolean isRemoved(ByteBuffer page, String name) {
    page.getShort();
    int end = page.getInt() + page.position();
    boolean found = page.get() == REMOVING && text(page).equals(name);
    page.position(end);
    return found;
  }

  /** Null when there is no such object or entry. */
  private @Nullable ByteBuffer ask(String object, String method, byte[] question, int answerBytes) {
    byte[] answer = new byte[answerBytes];
    int returnCode =
        session
            .lib()
            .rados_exec(
                session.pool(),
                object,
                "rbd",
                method,
                question,
                question.length,
                answer,
                answer.length);
    if (returnCode == -ENOENT) {
      return null;
    }
    session.failures().check("ask " + object, returnCode);
    return ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN);
  }

  static byte[] text(String text) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[Integer.BYTES + content.length];
    ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putInt(content.length).put(content);
    return all;
  }

  private static byte[] bytes(long number) {
    byte[] all = new byte[Long.BYTES];
    ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putLong(number);
    return all;
  }

  private static String text(ByteBuffer from) {
    byte[] bytes = new byte[from.getInt()];
    from.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
