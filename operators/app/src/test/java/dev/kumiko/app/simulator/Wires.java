package dev.kumiko.app.simulator;

import dev.kumiko.compute.libvirt.Credentials;
import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.compute.libvirt.Hypervisor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The connections of one compute operator to the hosts. */
final class Wires implements Hosts {
  private final Site site;
  private final Map<String, Wire> wires = new LinkedHashMap<>();
  private final Map<String, Target> targets = new LinkedHashMap<>();
  private final List<Listener> listeners = new ArrayList<>();

  Wires(Site site) {
    this.site = site;
  }

  void remember() {
    wires.values().forEach(Wire::remember);
  }

  void listen(Instant now) {
    wires.values().forEach(wire -> wire.listen(now));
  }

  void guestChanged(String host, UUID guest) {
    Optional.ofNullable(wires.get(host)).ifPresent(wire -> wire.guestChanged(guest));
  }

  @Override
  public Optional<Hypervisor> find(String host) {
    return Optional.ofNullable(wires.get(host));
  }

  @Override
  public Collection<Hypervisor> all() {
    return List.copyOf(wires.values());
  }

  @Override
  public Optional<Target> target(String host) {
    return Optional.ofNullable(targets.get(host));
  }

  @Override
  public void open(Target target, Optional<Credentials> credentials) {
    if (!target.equals(targets.put(target.host(), target))) {
      Wire wire = new Wire(site.metal(target.host()), site);
      wire.listen(new Forward(target.host()));
      wires.put(target.host(), wire);
    }
  }

  @Override
  public void close(String host) {
    targets.remove(host);
    wires.remove(host);
  }

  @Override
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    targets.clear();
    wires.clear();
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
