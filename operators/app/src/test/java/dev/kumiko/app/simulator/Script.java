package dev.kumiko.app.simulator;

import dev.kumiko.compute.placement.Rule;
import dev.kumiko.compute.verdict.Policy;
import dev.kumiko.v1alpha1.VirtualMachine.HostFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A case: what there is, what befalls it, and what is expected at the end.
 *
 * @param isUnsettled whether something is left over at the end
 */
record Script(
    Setup setup, List<Moment> moments, Duration until, List<Words> expected, boolean isUnsettled) {
  Script {
    moments = List.copyOf(moments);
    expected = List.copyOf(expected);
  }

  static Script parse(List<String> lines) {
    Reading reading = new Reading();
    lines.stream()
        .map(line -> line.replaceFirst("#.*", "").strip())
        .filter(line -> !line.isEmpty())
        .forEach(reading::line);
    return reading.script();
  }

  /** The machine that a line asks for, from the word that is its name on. */
  static Setup.Guest guest(Words words, int name) {
    return new Setup.Guest(
        words.at(name),
        words.after("on").orElse(""),
        words.after("in").orElse(Setup.Guest.POOL),
        words.number("with", Setup.Guest.VCPUS),
        words.has("waits") ? HostFailure.Wait : HostFailure.Restart,
        words.number("priority", Setup.Guest.PRIORITY),
        near(words));
  }

  private static Optional<Setup.Near> near(Words words) {
    return Stream.of(Rule.Sort.values())
        .flatMap(sort ->
            words.after(sort.name().toLowerCase(Locale.ROOT)).stream()
                .map(group -> new Setup.Near(group, Optional.of(sort))))
        .findFirst()
        .or(() -> words.after("of").map(group -> new Setup.Near(group, Optional.empty())));
  }

  /** A script that is being read. */
  private static final class Reading {
    private final List<Setup.Guest> guests = new ArrayList<>();
    private final List<Moment> moments = new ArrayList<>();
    private final List<Words> expected = new ArrayList<>();
    private int hosts = 3;
    private Policy policy = Policy.DEFAULT;
    private Duration until = Duration.ofSeconds(60);
    private boolean isUnsettled;
    private int spared;
    private boolean hasPlugs;

    void line(String line) {
      Words words = Words.of(line);
      switch (words.at(0)) {
        case "hosts" -> hosts = Integer.parseInt(words.at(1));
        case "machine" -> guests.add(guest(words, 1));
        case "policy" -> policy = policy(words);
        case "spare" -> spared = Integer.parseInt(words.at(1));
        case "plugs" -> hasPlugs = true;
        case "until" -> until = Moment.duration(words.at(1));
        case "unsettled" -> isUnsettled = true;
        case "expect" -> expected.add(new Words(words.from(1)));
        default -> moments.add(new Moment(Moment.duration(words.at(0)), new Words(words.from(1))));
      }
    }

    private Policy policy(Words words) {
      return new Policy(
          Duration.ofSeconds(words.number("detection", (int) policy.detection().toSeconds())),
          Duration.ofSeconds(words.number("patience", (int) policy.patience().toSeconds())),
          words.number("limit", policy.limitPercent()));
    }

    Script script() {
      return new Script(
          new Setup(hosts, guests, policy, spared, hasPlugs),
          moments,
          until,
          expected,
          isUnsettled);
    }
  }
}
