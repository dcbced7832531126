package dev.kumiko.storage.ceph;

import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.storage.ceph.CephException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A pool in memory, as one client sees it; {@link #client} gives another client of the same pool.
 */
public final class InMemoryCephPool implements CephPool {

  private static final Duration FOREVER = Duration.ofDays(3650);
  private static final String ENDPOINT = "ceph/in-memory";

  /** What all clients share. */
  private static final class Shared {
    final Map<String, Image> images = new TreeMap<>();
    final Map<String, Instant> blocked = new TreeMap<>();
    final List<CephClient> frozen = new ArrayList<>();
    final List<MissingGrant> missing = new ArrayList<>();
    PoolFacts facts =
        new PoolFacts("in-memory", 1L << 30, 9L << 30, PoolFacts.Health.OK, List.of());
    Optional<RuntimeException> failure = Optional.empty();
    int nextId = 1;
    int changes;
    boolean pretends;
  }

  /** One image. */
  private static final class Image {
    String id;
    byte[] content;
    long sizeBytes;
    boolean exclusiveLock = true;
    Optional<String> parentId = Optional.empty();
    Optional<ImageSnapshot> parent = Optional.empty();
    final Map<String, byte[]> snapshots = new TreeMap<>();
    final Map<String, String> meta = new TreeMap<>();
    final List<CephClient> watchers = new ArrayList<>();
    Optional<CephClient> lockOwner = Optional.empty();

    Image(String id, long sizeBytes) {
      this.id = id;
      this.sizeBytes = sizeBytes;
      this.content = new byte[0];
    }
  }

  private final Shared shared;
  private final CephClient self;

  public InMemoryCephPool() {
    this(new Shared(), new CephClient("192.0.2.1:0/1", 1));
  }

  private InMemoryCephPool(Shared shared, CephClient self) {
    this.shared = shared;
    this.self = self;
  }

  /** The same pool, seen by another client. */
  public InMemoryCephPool client(CephClient client) {
    return new InMemoryCephPool(shared, client);
  }

  /** From now on the monitors report these facts. */
  public void report(PoolFacts facts) {
    shared.facts = facts;
  }

  /** From now on the key lacks these. */
  public void lacking(MissingGrant... missing) {
    shared.missing.clear();
    shared.missing.addAll(List.of(missing));
  }

  /** From now on no request is answered, until {@link #answering}. */
  public void silent() {
    failing(new Unavailable(ENDPOINT, "Ceph does not answer"));
  }

  /** From now on every request fails so, until {@link #answering}. */
  public void failing(RuntimeException failure) {
    shared.failure = Optional.of(failure);
  }

  /** Requests are answered again. */
  public void answering() {
    shared.failure = Optional.empty();
  }

  /** From now on nobody is refused, whatever the blocklist says. */
  public void pretendToBlock() {
    shared.pretends = true;
  }

  /** Whether the client is refused, also while no request is answered. */
  public boolean refuses(CephClient client) {
    return !shared.pretends && isListed(client);
  }

  /** Whether every client of the host at {@code ip} is refused. */
  public boolean refusesHost(String ip) {
    return !shared.pretends && shared.blocked.containsKey(canonical(ip));
  }

  private boolean isListed(CephClient client) {
    return shared.blocked.containsKey(client.address())
        || shared.blocked.containsKey(canonical(client.host()));
  }

  /** How often anything was changed since the start. */
  public int changes() {
    return shared.changes;
  }

  /** A guest of {@code client} opens the image. */
  public void open(String name, CephClient client) {
    existing(name).watchers.add(client);
  }

  /** The guest of {@code client} closes the image, or its watch timed out. */
  public void leave(String name, CephClient client) {
    existing(name).watchers.remove(client);
  }

  /** The client stands still: it has open what it had, and answers nothing. */
  public void freeze(CephClient client) {
    shared.frozen.add(client);
  }

  /** The client goes on. */
  public void thaw(CephClient client) {
    shared.frozen.remove(client);
  }

  /** A client takes the exclusive lock; it stays until another takes it. */
  public void lock(String name, CephClient client) {
    existing(name).lockOwner = Optional.of(client);
  }

  /** Somebody removes one key of the metadata. */
  public void dropMeta(String name, String key) {
    existing(name).meta.remove(key);
  }

  /** A creation or removal is interrupted: the name is still there, and no more. */
  public void interrupt(String name) {
    Image image = existing(name);
    image.id = "";
  }

  /** Somebody removes a snapshot. */
  public void dropSnapshot(String name, String snapshot) {
    existing(name).snapshots.remove(snapshot);
  }

  /** Somebody disables exclusive-lock. */
  public void disableExclusiveLock(String name) {
    existing(name).exclusiveLock = false;
  }

  @Override
  public PoolFacts facts() {
    answer();
    return shared.facts;
  }

  @Override
  public List<MissingGrant> preflight() {
    answer();
    return List.copyOf(shared.missing);
  }

  @Override
  public List<String> images(String prefix) {
    answer();
    return shared.images.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
  }

  @Override
  public Optional<ImageFacts> image(String name) {
    answer();
    return Optional.ofNullable(shared.images.get(name)).map(image -> facts(name, image));
  }

  @Override
  public Set<Long> answering(String name) {
    answer();
    return image(name).map(ImageFacts::watchers).orElse(List.of()).stream()
        .filter(client -> !shared.frozen.contains(client))
        .filter(client -> !isListed(client))
        .map(CephClient::id)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public List<String> children(String name) {
    answer();
    return Optional.ofNullable(shared.images.get(name)).map(this::childrenOf).orElse(List.of());
  }

  @Override
  public void create(String name, long sizeBytes) {
    change(() -> {
      Image existing = shared.images.get(name);
      if (existing == null) {
        shared.images.put(name, new Image(nextId(), sizeBytes));
      } else if (existing.sizeBytes != sizeBytes) {
        throw taken("create " + name);
      }
    });
  }

  @Override
  public void clone(ImageSnapshot parent, String name) {
    change(() -> {
      Image existing = shared.images.get(name);
      if (existing != null) {
        if (!existing.parent.equals(Optional.of(parent))) {
          throw taken("clone " + parent + " to " + name);
        }
        return;
      }
      Image source = existing(parent.image());
      byte[] content = source.snapshots.get(parent.snapshot());
      if (content == null) {
        throw missing(parent.toString());
      }
      Image clone = new Image(nextId(), source.sizeBytes);
      clone.content = content.clone();
      clone.parent = Optional.of(parent);
      clone.parentId = Optional.of(source.id);
      clone.meta.putAll(source.meta);
      shared.images.put(name, clone);
    });
  }

  @Override
  public void grow(String name, long sizeBytes) {
    changeImage(name, image -> image.sizeBytes = Math.max(image.sizeBytes, sizeBytes));
  }

  @Override
  public void rename(String from, String to) {
    change(() -> {
      Image source = shared.images.get(from);
      Image target = shared.images.get(to);
      if (source != null && target != null) {
        throw taken("rename " + from + " to " + to);
      }
      if (source == null && target == null) {
        throw missing(from);
      }
      if (source != null) {
        shared.images.remove(from);
        shared.images.put(to, source);
      }
    });
  }

  @Override
  public void remove(String name) {
    change(() -> {
      Image image = shared.images.get(name);
      if (image != null) {
        List<String> children = childrenOf(image);
        if (!children.isEmpty()) {
          throw new CephException(Reason.BUSY, "it has clones: " + String.join(", ", children));
        }
        if (!live(image).isEmpty()) {
          throw new CephException(Reason.BUSY, "open at " + live(image).getFirst().address());
        }
        shared.images.remove(name);
      }
    });
  }

  @Override
  public void putMeta(String name, Map<String, String> meta) {
    changeImage(name, image -> image.meta.putAll(meta));
  }

  @Override
  public void snapshot(String name, String snapshot) {
    changeImage(name, image -> image.snapshots.putIfAbsent(snapshot, image.content.clone()));
  }

  @Override
  public void enableExclusiveLock(String name) {
    changeImage(name, image -> image.exclusiveLock = true);
  }

  @Override
  public void create(String name, byte[] content) {
    create(name, content.length);
    try (ImageWriter writer = writer(name)) {
      writer.write(0, content);
      writer.finish();
    }
  }

  @Override
  public ImageWriter writer(String name) {
    answer();
    Image image = existing(name);
    image.watchers.add(self);
    return new ImageWriter() {
      @Override
      public void write(long offsetBytes, byte[] content, int from, int length) {
        change(() -> {
          if (offsetBytes + length > image.sizeBytes) {
            throw new CephException(Reason.FAILED, "beyond the end");
          }
          int end = Math.toIntExact(offsetBytes + length);
          image.content = Arrays.copyOf(image.content, Math.max(image.content.length, end));
          System.arraycopy(content, from, image.content, Math.toIntExact(offsetBytes), length);
          image.lockOwner = Optional.of(self);
        });
      }

      @Override
      public void finish() {
        answer();
      }

      @Override
      public void close() {
        image.watchers.remove(self);
        image.lockOwner = image.lockOwner.filter(owner -> !owner.equals(self));
      }
    };
  }

  @Override
  public byte[] read(String name, long offsetBytes, int length) {
    answer();
    Image image = existing(name);
    long end = Math.min(image.sizeBytes, offsetBytes + length);
    byte[] all = Arrays.copyOf(image.content, Math.toIntExact(Math.max(end, offsetBytes)));
    return Arrays.copyOfRange(all, Math.toIntExact(offsetBytes), Math.toIntExact(end));
  }

  @Override
  public long self() {
    return self.id();
  }

  @Override
  public List<BlockedAddress> blocklist() {
    answer();
    return shared.blocked.entrySet().stream()
        .map(entry -> new BlockedAddress(entry.getKey(), entry.getValue()))
        .toList();
  }

  @Override
  public void block(String address) {
    change(() ->
        shared.blocked.merge(
            canonical(address),
            Instant.now().plus(FOREVER),
            (before, now) -> new BlockedAddress(address, before).lasts() ? before : now));
  }

  /** As somebody does by hand. */
  public void blockFor(Duration time, String address) {
    shared.blocked.put(canonical(address), Instant.now().plus(time));
  }

  @Override
  public void unblock(String address) {
    change(() -> shared.blocked.remove(canonical(address)));
  }

  @Override
  public void close() {}

  private ImageFacts facts(String name, Image image) {
    if (image.id.isEmpty()) {
      return ImageFacts.remnant(name);
    }
    return new ImageFacts(
        name,
        image.id,
        image.sizeBytes,
        image.exclusiveLock,
        image.parent,
        List.copyOf(image.snapshots.keySet()),
        image.meta,
        live(image).stream().filter(watcher -> !watcher.equals(self)).toList(),
        image.lockOwner);
  }

  private List<CephClient> live(Image image) {
    return image.watchers.stream().filter(watcher -> !isListed(watcher)).toList();
  }

  private List<String> childrenOf(Image parent) {
    TreeSet<String> names = new TreeSet<>();
    shared.images.forEach((name, image) -> {
      if (image.parentId.equals(Optional.of(parent.id))) {
        names.add(name);
      }
    });
    return List.copyOf(names);
  }

  private void changeImage(String name, Consumer<Image> change) {
    change(() -> change.accept(existing(name)));
  }

  private void change(Runnable change) {
    answer();
    if (isListed(self)) {
      throw new Unavailable(ENDPOINT, "this client is blocklisted");
    }
    change.run();
    shared.changes++;
  }

  private void answer() {
    shared.failure.ifPresent(failure -> {
      throw failure;
    });
  }

  private Image existing(String name) {
    Image image = shared.images.get(name);
    if (image == null) {
      throw missing(name);
    }
    return image;
  }

  private String nextId() {
    return "id-" + shared.nextId++;
  }

  private static String canonical(String address) {
    return address.contains("/") ? address : address + ":0/0";
  }

  private static CephException taken(String operation) {
    return new CephException(Reason.EXISTS, operation + ": the name is taken");
  }

  private static CephException missing(String what) {
    return new CephException(Reason.MISSING, what + ": not found");
  }
}
