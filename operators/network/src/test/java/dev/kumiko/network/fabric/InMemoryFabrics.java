package dev.kumiko.network.fabric;

import dev.kumiko.network.fabric.ovn.OvnRendering;
import dev.kumiko.reconcile.Unavailable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Twin of the connections: every fabric is the same tables. */
public final class InMemoryFabrics implements Fabrics {
  private final InMemoryFabricTables tables;
  private final Map<String, FabricSettings> connections = new HashMap<>();
  private String secretVersion = "1";
  private boolean isDown;

  public InMemoryFabrics(InMemoryFabricTables tables) {
    this.tables = tables;
  }

  /** The controller stops answering, or answers again. */
  public void down(boolean down) {
    isDown = down;
    tables.down(down);
  }

  /** Somebody renews the certificate. */
  public void renewSecret(String version) {
    secretVersion = version;
  }

  public Map<String, FabricSettings> world() {
    return Map.copyOf(connections);
  }

  @Override
  public FabricTables get(String name) {
    return tables;
  }

  @Override
  public Rendering rendering() {
    return new OvnRendering();
  }

  @Override
  public Optional<FabricSettings> connected(String name) {
    return Optional.ofNullable(connections.get(name));
  }

  @Override
  public FabricSettings wanted(String name) {
    return new FabricSettings(name, "ssl:10.0.0.1:6641", "ssl:10.0.0.1:6642", "ovn", secretVersion);
  }

  @Override
  public void connect(FabricSettings settings) {
    if (isDown) {
      throw new Unavailable(settings.endpoint(), "connection refused");
    }
    connections.put(settings.name(), settings);
  }

  @Override
  public void disconnect(String name) {
    connections.remove(name);
  }

  @Override
  public void listen(FabricListener listener) {
    tables.listen(listener);
  }
}
