package dev.kumiko.network.fabric.ovn;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kumiko.network.fabric.FabricListener;
import dev.kumiko.network.fabric.FabricSettings;
import dev.kumiko.network.fabric.FabricTables;
import dev.kumiko.network.fabric.Fabrics;
import dev.kumiko.network.fabric.Rendering;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.v1alpha1.Fabric;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Connections to OVN as the Fabric resources and their Secrets say. */
public final class OvnFabrics implements Fabrics, AutoCloseable {
  /** How long a new connection is waited for. */
  private static final Duration FIRST_CONTACT = Duration.ofSeconds(5);

  private record Connected(FabricSettings settings, OvnFabricTables tables, long sinceNanos) {}

  private final Cluster cluster;
  private final String namespace;
  private final Duration firstContact;
  private final Map<String, Connected> connections = new ConcurrentHashMap<>();
  private final List<FabricListener> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param namespace of the operators, where the Secrets are
   */
  public OvnFabrics(Cluster cluster, String namespace) {
    this(cluster, namespace, FIRST_CONTACT);
  }

  OvnFabrics(Cluster cluster, String namespace, Duration firstContact) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.firstContact = firstContact;
  }

  @Override
  public FabricTables get(String name) {
    Connected connected = connections.computeIfAbsent(name, n -> opened(wanted(n)));
    awaitContact(connected);
    return connected.tables();
  }

  @Override
  public Rendering rendering() {
    return new OvnRendering();
  }

  @Override
  public Optional<FabricSettings> connected(String name) {
    return Optional.ofNullable(connections.get(name)).map(Connected::settings);
  }

  @Override
  public FabricSettings wanted(String name) {
    Fabric.Ovn ovn =
        cluster
            .get(Fabric.class, "", name)
            .map(fabric -> fabric.getSpec().ovn())
            .orElseThrow(() ->
                new Unavailable(FabricSettings.endpoint(name), "Fabric " + name + " is not there"));
    String secret = Optional.ofNullable(ovn.tlsSecret()).orElse("");
    String version =
        secret.isEmpty() ? "" : secret(name, secret).getMetadata().getResourceVersion();
    return new FabricSettings(name, ovn.northbound(), ovn.southbound(), secret, version);
  }

  /** A connection that is there is given up only for one that stands. */
  @Override
  public void connect(FabricSettings settings) {
    String name = settings.name();
    Optional<Connected> old = Optional.ofNullable(connections.get(name));
    if (old.filter(c -> c.settings().equals(settings)).isPresent()) {
      return;
    }
    Connected fresh = opened(settings);
    awaitContact(fresh);
    Optional<String> trouble = fresh.tables().health().trouble();
    if (old.isPresent() && trouble.isPresent()) {
      fresh.tables().close();
      throw new Unavailable(
          settings.endpoint(),
          "no connection to %s: %s; the former connection is kept"
              .formatted(settings.describe(), trouble.get()));
    }
    Optional.ofNullable(connections.put(name, fresh)).ifPresent(former -> former.tables().close());
    listeners.forEach(FabricListener::chassisChanged);
  }

  private Connected opened(FabricSettings settings) {
    try {
      OvnFabricTables tables =
          OvnFabricTables.connect(
              settings.endpoint(),
              settings.northbound(),
              settings.southbound(),
              identity(settings));
      listeners.forEach(tables::listen);
      return new Connected(settings, tables, System.nanoTime());
    } catch (IllegalArgumentException e) {
      throw new Rejection(
          "ConnectionInvalid",
          "Fabric " + settings.name() + " cannot be connected to: " + e.getMessage());
    }
  }

  private void awaitContact(Connected connected) {
    try {
      while (!connected.tables().health().isConnected()
          && System.nanoTime() - connected.sinceNanos() < firstContact.toNanos()) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<TlsIdentity> identity(FabricSettings settings) {
    if (settings.secret().isEmpty()) {
      return Optional.empty();
    }
    Secret secret = secret(settings.name(), settings.secret());
    return Optional.of(
        new TlsIdentity(text(secret, "ca.crt"), text(secret, "tls.crt"), text(secret, "tls.key")));
  }

  private Secret secret(String fabric, String name) {
    return cluster
        .get(Secret.class, namespace, name)
        .orElseThrow(() ->
            new Unavailable(
                FabricSettings.endpoint(fabric),
                "Secret "
                    + namespace
                    + "/"
                    + name
                    + " does not exist: create it with ca.crt, tls.crt and tls.key"));
  }

  private static String text(Secret secret, String key) {
    return Optional.ofNullable(secret.getData())
        .flatMap(entries -> Optional.ofNullable(entries.get(key)))
        .map(encoded -> new String(Base64.getDecoder().decode(encoded), UTF_8))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "Secret " + secret.getMetadata().getName() + " has no " + key));
  }

  @Override
  public void disconnect(String name) {
    Optional.ofNullable(connections.remove(name)).ifPresent(old -> old.tables().close());
  }

  @Override
  public void listen(FabricListener listener) {
    listeners.add(listener);
    connections.values().forEach(connected -> connected.tables().listen(listener));
  }

  @Override
  public void close() {
    connections.keySet().forEach(this::disconnect);
  }
}
