package dev.kumiko.storage.ceph;

import dev.kumiko.reconcile.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A pool reached through librados and librbd; connects at the first request. */
public final class RadosCephPool implements CephPool {
  /** Removing takes about a second for 1,000 objects of 4 MiB, and must not hold up other calls. */
  private static final Duration REMOVAL = Duration.ofMinutes(30);

  private static final int REMOVALS = 4;

  /** Asking the frozen takes a second, and must not hold up that a host is refused. */
  private static final Duration ROLL_CALL = Duration.ofSeconds(3);

  private static final int ROLL_CALLS = 16;

  private final LibCeph lib = LibCeph.load();
  private final CephCredentials credentials;
  private final Endpoint endpoint;
  private final Endpoint removals;
  private final Endpoint rollCalls;
  private @Nullable CephSession session;

  public RadosCephPool(CephCredentials credentials, Endpoint endpoint) {
    this.credentials = credentials;
    this.endpoint = endpoint;
    this.removals = new Endpoint(endpoint.name(), REMOVALS, REMOVAL);
    this.rollCalls = new Endpoint(endpoint.name(), ROLL_CALLS, ROLL_CALL);
  }

  @Override
  public PoolFacts facts() {
    return ask("pool statistics", session -> new Monitors(session).facts(credentials.pool()));
  }

  @Override
  public List<MissingGrant> preflight() {
    List<MissingGrant> missing = ask("preflight", this::missing);
    return missing.isEmpty() ? missing : ask("preflight", _ -> missingOfNewcomer());
  }

  private List<MissingGrant> missing(CephSession session) {
    return new Preflight(new Monitors(session), new RbdDirectory(session), credentials).missing();
  }

  /**
   * Ceph looks up what a key may do when it connects: what was granted since shows in a new one.
   */
  private List<MissingGrant> missingOfNewcomer() {
    CephSession newcomer = connect();
    boolean isBetter = false;
    try {
      List<MissingGrant> missing = missing(newcomer);
      isBetter = missing.isEmpty();
      return missing;
    } finally {
      if (isBetter) {
        replace(newcomer);
      } else {
        newcomer.close();
      }
    }
  }

  private synchronized void replace(CephSession newcomer) {
    if (session != null) {
      session.close();
    }
    session = newcomer;
  }

  private CephSession connect() {
    return CephSession.open(lib, credentials, new Failures(endpoint.name()));
  }

  @Override
  public List<String> images(String prefix) {
    return ask("list images", session -> images(session).list(prefix));
  }

  @Override
  public Optional<ImageFacts> image(String name) {
    return ask("read image", session -> images(session).facts(name));
  }

  @Override
  public Set<Long> answering(String name) {
    return rollCalls.call(
        "ask who has an image open",
        () ->
            inside(open ->
                images(open)
                    .facts(name)
                    .filter(image -> !image.isRemnant())
                    .map(new RollCall(open)::answering)
                    .orElse(Set.of())));
  }

  @Override
  public List<String> children(String name) {
    return ask(
        "list clones",
        session -> images(session).find(name, OpenImage::children).orElse(List.of()));
  }

  @Override
  public void create(String name, long sizeBytes) {
    order("create image", images -> images.create(name, sizeBytes));
  }

  @Override
  public void create(String name, byte[] content) {
    ask(
        "create image with content",
        session -> {
          images(session).create(name, content.length);
          try (ImageWriter writer = new RadosImageWriter(session, session.open(name, false))) {
            writer.write(0, content);
            writer.finish();
          }
          return name;
        });
  }

  @Override
  public void clone(ImageSnapshot parent, String name) {
    order("clone image", images -> images.clone(parent, name));
  }

  @Override
  public void grow(String name, long sizeBytes) {
    order("grow image", images -> images.grow(name, sizeBytes));
  }

  @Override
  public void rename(String from, String to) {
    order("rename image", images -> images.rename(from, to));
  }

  @Override
  public void remove(String name) {
    removals.call(
        "remove image",
        () ->
            inside(open -> {
              images(open).remove(name);
              return name;
            }));
  }

  @Override
  public void putMeta(String name, Map<String, String> meta) {
    order("mark image", images -> images.putMeta(name, meta));
  }

  @Override
  public void snapshot(String name, String snapshot) {
    order("make snapshot", images -> images.snapshot(name, snapshot));
  }

  @Override
  public void enableExclusiveLock(String name) {
    order("enable exclusive-lock", images -> images.enableExclusiveLock(name));
  }

  @Override
  public ImageWriter writer(String name) {
    return ask("open image", session -> new RadosImageWriter(session, session.open(name, false)));
  }

  @Override
  public byte[] read(String name, long offsetBytes, int length) {
    return ask("read content", session -> images(session).read(name, offsetBytes, length));
  }

  @Override
  public long self() {
    return ask("read own id", CephSession::id);
  }

  @Override
  public List<BlockedAddress> blocklist() {
    return ask("read blocklist", session -> new Monitors(session).blocklist());
  }

  @Override
  public void block(String address) {
    ask(
        "block " + address,
        session -> {
          new Monitors(session).block(address);
          return address;
        });
  }

  @Override
  public void unblock(String address) {
    ask(
        "unblock " + address,
        session -> {
          new Monitors(session).unblock(address);
          return address;
        });
  }

  @Override
  public synchronized void close() {
    endpoint.close();
    removals.close();
    rollCalls.close();
    if (session != null) {
      session.close();
      session = null;
    }
  }

  /** To be closed; a connection that Ceph refuses is replaced. */
  private synchronized CephSession session() {
    CephSession open = session;
    if (open == null || open.failures().isBlocklisted()) {
      open = connect();
      replace(open);
    }
    return open.enter();
  }

  private RbdImages images(CephSession open) {
    return new RbdImages(open, credentials.dataPool());
  }

  private <T> T ask(String what, Function<CephSession, T> request) {
    return endpoint.call(what, () -> inside(request));
  }

  private <T> T inside(Function<CephSession, T> request) {
    try (CephSession open = session()) {
      return request.apply(open);
    }
  }

  private void order(String what, Consumer<RbdImages> request) {
    ask(
        what,
        open -> {
          request.accept(images(open));
          return what;
        });
  }
}
