package dev.kumiko.storage.ceph;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/**
 * The functions of librados and librbd that rados-java does not bind, or binds with 32-bit lengths.
 *
 * <p>Source: rados/librados.h and rbd/librbd.h, Ceph 16. Functions return a negative errno on
 * failure.
 */
interface LibCeph extends Library {
  /** Features of every image: layering, exclusive-lock, object-map, fast-diff, deep-flatten. */
  long FEATURES = 1 | LibCeph.EXCLUSIVE_LOCK | 8 | 16 | 32;

  long EXCLUSIVE_LOCK = 4;
  int OPTION_FORMAT = 0;
  int OPTION_FEATURES = 1;
  int OPTION_DATA_POOL = 10;
  int OPTION_CLONE_FORMAT = 12;

  /** librbd depends on librados, so one handle resolves the symbols of both. */
  static LibCeph load() {
    return Native.load("rbd", LibCeph.class);
  }

  int rados_mon_command(
      Pointer cluster,
      String[] command,
      long commandCount,
      byte[] input,
      long inputLength,
      PointerByReference output,
      LongByReference outputLength,
      PointerByReference status,
      LongByReference statusLength);

  void rados_buffer_free(Pointer buffer);

  int rados_exec(
      Pointer pool,
      String object,
      String objectClass,
      String method,
      byte[] input,
      long inputLength,
      byte[] output,
      long outputLength);

  int rados_remove(Pointer pool, String object);

  int rados_stat(Pointer pool, String object, LongByReference size, LongByReference modified);

  int rbd_list(Pointer pool, Memory names, LongByReference length);

  void rbd_image_options_create(PointerByReference options);

  void rbd_image_options_destroy(Pointer options);

  int rbd_image_options_set_uint64(Pointer options, int option, long value);

  int rbd_image_options_set_string(Pointer options, int option, String value);

  int rbd_create4(Pointer pool, String name, long size, Pointer options);

  int rbd_clone3(
      Pointer parentPool,
      String parent,
      String snapshot,
      Pointer pool,
      String name,
      Pointer options);

  int rbd_resize2(
      Pointer image, long size, boolean allowShrink, Progress progress, Pointer argument);

  /** Called back while librbd works; 0 goes on. */
  interface Progress extends Callback {
    int at(long offset, long total, Pointer argument);
  }

  int rbd_get_size(Pointer image, LongByReference size);

  int rbd_get_features(Pointer image, LongByReference features);

  int rbd_update_features(Pointer image, long features, byte enabled);

  int rbd_get_id(Pointer image, Memory id, long length);

  int rbd_get_parent_info(
      Pointer image,
      Memory pool,
      long poolLength,
      Memory name,
      long nameLength,
      Memory snapshot,
      long snapshotLength);

  /** Type 0 is a snapshot that users see; the others are librbd's own. */
  int rbd_snap_get_namespace_type(Pointer image, long snapshot, IntByReference type);

  int rbd_list_children3(Pointer image, Memory children, LongByReference count);

  void rbd_linked_image_spec_list_cleanup(Memory children, long count);

  int rbd_metadata_set(Pointer image, String key, String value);

  int rbd_metadata_list(
      Pointer image,
      String start,
      long maximum,
      Memory keys,
      LongByReference keysLength,
      Memory values,
      LongByReference valuesLength);

  long rados_get_instance_id(Pointer cluster);

  int rados_notify2(
      Pointer pool,
      String object,
      byte[] message,
      int messageLength,
      long timeoutMillis,
      PointerByReference reply,
      LongByReference replyLength);

  int rados_decode_notify_response(
      Pointer reply,
      long replyLength,
      PointerByReference acks,
      LongByReference ackCount,
      PointerByReference timeouts,
      LongByReference timeoutCount);

  void rados_free_notify_response(Pointer acks, long ackCount, Pointer timeouts);

  int rbd_watchers_list(Pointer image, Memory watchers, LongByReference count);

  void rbd_watchers_list_cleanup(Memory watchers, long count);

  long rbd_list_lockers(
      Pointer image,
      IntByReference exclusive,
      Memory tag,
      LongByReference tagLength,
      Memory clients,
      LongByReference clientsLength,
      Memory cookies,
      LongByReference cookiesLength,
      Memory addresses,
      LongByReference addressesLength);

  int rbd_flush(Pointer image);

  int rbd_aio_create_completion(Pointer argument, Pointer callback, PointerByReference completion);

  int rbd_aio_write(Pointer image, long offset, long length, Memory content, Pointer completion);

  int rbd_aio_wait_for_complete(Pointer completion);

  long rbd_aio_get_return_value(Pointer completion);

  void rbd_aio_release(Pointer completion);
}
