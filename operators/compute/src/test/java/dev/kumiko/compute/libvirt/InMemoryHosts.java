package dev.kumiko.compute.libvirt;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Hosts that exist in memory only; a host keeps its guests while it is closed. */
public final class InMemoryHosts implements Hosts {
  private final Map<String, InMemoryHypervisor> hosts = new LinkedHashMap<>();
  private final Map<String, Target> targets = new LinkedHashMap<>();
  private final List<Listener> listeners = new ArrayList<>();

  /** The machine itself, open or not. */
  public InMemoryHypervisor host(String name) {
    return hosts.computeIfAbsent(
        name,
        n -> {
          InMemoryHypervisor created = new InMemoryHypervisor(n);
          created.listen(new Forward(n));
          hosts.values().forEach(created::meet);
          return created;
        });
  }

  /** Opens the host and admits its machine, as its Host resource would. */
  public InMemoryHypervisor opened(String name) {
    open(new Target(name, "test:///default", ""), Optional.empty());
    InMemoryHypervisor opened = host(name);
    opened.machine().ifPresent(opened::admit);
    return opened;
  }

  @Override
  public Optional<Hypervisor> find(String host) {
    return targets.containsKey(host) ? Optional.of(host(host)) : Optional.empty();
  }

  @Override
  public Collection<Hypervisor> all() {
    return targets.keySet().stream().<Hypervisor>map(this::host).toList();
  }

  @Override
  public Optional<Target> target(String host) {
    return Optional.ofNullable(targets.get(host));
  }

  @Override
  public void open(Target target, Optional<Credentials> credentials) {
    if (!target.equals(targets.put(target.host(), target))) {
      host(target.host()).dismiss();
    }
  }

  @Override
  public void close(String host) {
    targets.remove(host);
  }

  @Override
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    targets.clear();
  }

  private final class Forward implements Hypervisor.Listener {
    private final String host;

    Forward(String host) {
      this.host = host;
    }

    @Override
    public void guestChanged(UUID guest) {
      listeners.forEach(l -> l.guestChanged(host, guest));
    }

    @Override
    public void hostChanged() {
      listeners.forEach(l -> l.hostChanged(host));
    }
  }
}
