package dev.kumiko.app.simulator;

import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Kumiko;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Does to a site what the words of a script say. */
record Fate(Site site) {

  void befall(Words words) {
    site.befall(words.toString(), () -> act(words));
  }

  private void act(Words words) {
    switch (words.at(0)) {
      case "power" -> fault(words.at(1).equals("off"), Metal.Fault.OFF, words.from(2));
      case "freeze" -> fault(true, Metal.Fault.FROZEN, words.from(1));
      case "thaw" -> fault(false, Metal.Fault.FROZEN, words.from(1));
      case "cut" -> fault(true, way(words), words.from(2));
      case "heal" -> heal(words);
      case "crash" -> crash(words);
      case "pool" -> pool(words);
      case "network" -> site.neighbours().networkAnswers(words.at(1).equals("answers"));
      case "plugs" -> site.plugs().silent(words.at(1).equals("silent"));
      case "stop" -> stop(words);
      case "start" -> site.start(group(words.at(1)));
      case "run" -> run(words.at(1), VirtualMachine.RunPolicy.Always);
      default -> user(words);
    }
  }

  private void user(Words words) {
    String name = words.from(1).getLast();
    switch (words.at(0)) {
      case "cordon" -> mode(name, Host.Mode.Cordoned);
      case "uncordon" -> mode(name, Host.Mode.Active);
      case "maintain" -> mode(name, Host.Mode.Maintenance);
      case "migrate" ->
          site.machine(words.at(1))
              .ifPresent(m -> site.cluster().create(Resources.migration(m, words.after("to"))));
      case "create" -> site.create(Script.guest(words, 2));
      case "delete" -> delete(words.at(1), name);
      case "give-up" -> annotate(name, Map.of(Kumiko.GIVE_UP, "true"));
      case "take-back" -> annotate(name, Map.of());
      default -> throw new IllegalArgumentException("nobody understands: " + words);
    }
  }

  private static Metal.Fault way(Words words) {
    return words.at(1).equals("management") ? Metal.Fault.MANAGEMENT_CUT : Metal.Fault.STORAGE_CUT;
  }

  private void fault(boolean yes, Metal.Fault fault, List<String> hosts) {
    for (Metal metal : site.metals()) {
      if (hosts.contains(metal.name) || hosts.contains("all")) {
        if (yes) {
          metal.befall(fault);
        } else {
          metal.recover(fault);
        }
      }
    }
  }

  /** Of everything, whatever befell. */
  private void heal(Words words) {
    if (!words.at(1).equals("everything")) {
      fault(false, way(words), words.from(2));
      return;
    }
    for (Metal.Fault fault : Metal.Fault.values()) {
      fault(false, fault, List.of("all"));
    }
    pool(Words.of("pool answers"));
    site.neighbours().networkAnswers(true);
    site.stop(Operator.Group.STALE);
    List.of(Operator.Group.COMPUTE, Operator.Group.STORAGE).forEach(site::startIfStopped);
    site.cluster().list(Host.class).stream()
        .map(host -> host.getMetadata().getName())
        .forEach(host -> {
          mode(host, Host.Mode.Active);
          annotate(host, Map.of());
        });
  }

  private void crash(Words words) {
    if (words.at(1).equals("libvirtd")) {
      Duration down = words.after("for").map(Moment::duration).orElse(Duration.ofSeconds(5));
      site.metal(words.at(2)).crashDaemon(site.now().plus(down));
    } else {
      site.crashAfter(group(words.at(1)), words.number("after", 1));
    }
  }

  /** One that is named, or all. */
  private void pool(Words words) {
    boolean isSilent = words.all().getLast().equals("silent");
    site.pools()
        .forEach((name, pool) -> {
          if (words.all().size() > 2 && !words.at(1).equals(name)) {
            return;
          }
          if (isSilent) {
            pool.silent();
          } else {
            pool.answering();
            site.neighbours().goOn();
          }
        });
  }

  private void stop(Words words) {
    if (words.at(1).equals("machine")) {
      run(words.at(2), VirtualMachine.RunPolicy.Stopped);
    } else {
      site.stop(group(words.at(1)));
    }
  }

  private static Operator.Group group(String name) {
    return Operator.Group.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private void run(String machine, VirtualMachine.RunPolicy policy) {
    site.machine(machine).ifPresent(m -> site.cluster().apply(Resources.with(m, policy)));
  }

  private void mode(String host, Host.Mode mode) {
    site.cluster()
        .get(Host.class, "", host)
        .ifPresent(h -> site.cluster().apply(Resources.with(h, mode)));
  }

  private void annotate(String host, Map<String, String> annotations) {
    site.cluster()
        .get(Host.class, "", host)
        .ifPresent(h -> site.cluster().apply(Resources.with(h, annotations)));
  }

  private void delete(String what, String name) {
    switch (what) {
      case "fence" -> site.fence(name).ifPresent(site.cluster()::delete);
      case "migration" -> site.migration(name).ifPresent(site.cluster()::delete);
      default -> site.machine(name).ifPresent(site.cluster()::delete);
    }
  }
}
