package dev.kumiko.app.simulator;

import dev.kumiko.compute.verdict.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** A schedule of faults that a seed stands for: the same seed, the same run. */
final class RandomFaults {
  private static final int HOSTS = 3;
  private static final String ARCHIVE = "archive";
  private static final int HALF_SECONDS = 100;
  private static final int FAULTS = 8;
  private static final Duration HEALED = Duration.ofSeconds(60);
  private static final Duration SETTLED = Duration.ofSeconds(400);
  private static final int LONGEST_TROUBLE = 40;
  private final Random dice;
  private final List<Moment> moments = new ArrayList<>();
  private final Site site;

  RandomFaults(long seed) {
    this.dice = new Random(seed);
    List<Setup.Guest> guests = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      guests.add(Setup.Guest.on("web-" + i, host(), i == 3 ? ARCHIVE : Setup.Guest.POOL));
    }
    int faults = 1 + dice.nextInt(FAULTS);
    for (int i = 0; i < faults; i++) {
      trouble(dice.nextInt(HALF_SECONDS));
    }
    moments.sort(Comparator.comparing(Moment::at));
    this.site =
        new Site(
            new Setup(HOSTS, guests, Policy.DEFAULT, 0, false), Turns.random(dice), Sabotage.NONE);
  }

  private String host() {
    return "h" + (1 + dice.nextInt(HOSTS));
  }

  /** Something that befalls the site, and its end. */
  private void trouble(int at) {
    int until = at + 1 + dice.nextInt(LONGEST_TROUBLE);
    String host = host();
    String operator = dice.nextBoolean() ? "compute" : "storage";
    switch (dice.nextInt(12)) {
      case 0, 1 -> both(at, "power off " + host, until, "power on " + host);
      case 2, 3 -> both(at, "freeze " + host, until, "thaw " + host);
      case 4, 5 -> both(at, "cut management " + host, until, "heal management " + host);
      case 6 -> both(at, "cut storage " + host, until, "heal storage " + host);
      case 7 -> at(at, "crash libvirtd " + host + " for " + (until - at));
      case 8 -> {
        String pool = List.of("pool ", "pool " + ARCHIVE + " ").get(dice.nextInt(2));
        both(at, pool + "silent", until, pool + "answers");
      }
      case 9 -> both(at, "stop " + operator, until, "start " + operator);
      case 10 -> at(at, "crash " + operator + " after " + (1 + dice.nextInt(6)));
      default -> user(at, until);
    }
  }

  private void user(int at, int until) {
    String host = host();
    String machine = "web-" + (1 + dice.nextInt(3));
    switch (dice.nextInt(12)) {
      case 0 -> both(at, "cordon " + host, until, "uncordon " + host);
      case 1 -> at(at, "delete machine " + machine);
      case 2 -> at(at, "create machine new-" + at);
      case 3 -> at(at, "delete fence " + host);
      case 4 -> both(at, "stop machine " + machine, until, "run " + machine);
      case 5 -> both(at, "start stale", until, "stop stale");
      case 6, 7 -> at(at, "migrate " + machine + (dice.nextBoolean() ? "" : " to " + host));
      case 8 -> both(at, "migrate " + machine, until, "delete migration " + machine + "-move");
      case 9, 10 -> both(at, "maintain " + host, until, "uncordon " + host);
      default -> both(at, "give-up " + host, until, "take-back " + host);
    }
  }

  private void both(int at, String what, int until, String end) {
    at(at, what);
    at(until, end);
  }

  private void at(int halfSeconds, String what) {
    moments.add(new Moment(Site.TICK.multipliedBy(halfSeconds), Words.of(what)));
  }

  void run() {
    Fate fate = new Fate(site);
    List<Moment> left = new ArrayList<>(moments);
    while (site.age().compareTo(HEALED) < 0) {
      while (!left.isEmpty() && left.getFirst().at().compareTo(site.age()) <= 0) {
        fate.befall(left.removeFirst().what());
      }
      site.tick();
    }
    left.forEach(moment -> fate.befall(moment.what()));
    fate.befall(Words.of("heal everything"));
    while (site.invariants().unsettled().isPresent()) {
      if (site.age().compareTo(SETTLED) > 0) {
        throw new Broken("at the end all is as it was: " + site.invariants().unsettled().get());
      }
      site.tick();
    }
  }

  String told() {
    return String.join("\n", site.chronicle().lines());
  }
}
