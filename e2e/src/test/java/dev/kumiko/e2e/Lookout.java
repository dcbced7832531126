package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Looks on through a whole story in which guests are moved: none runs on two hosts in the same
 * instant, which the disk cannot tell, as both would write the same.
 */
final class Lookout implements BeforeEachCallback, AfterEachCallback {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private Optional<Look> look = Optional.empty();

  /**
   * A domain that runs.
   *
   * @param id another one after each start
   */
  record Running(String id, String name) {}

  /** What was seen on each host when it was asked last. */
  static final class Sight {
    private final Map<String, Set<Running>> last = new HashMap<>();

    /**
     * Hosts are asked in turn. What runs on one now and ran there when it was asked before, ran
     * there also when the others were asked in between.
     *
     * @return guests that ran on another one then
     */
    List<String> on(String host, Set<Running> now) {
      Set<Running> before = Objects.requireNonNullElse(last.put(host, now), Set.of());
      return now.stream()
          .filter(before::contains)
          .flatMap(guest ->
              last.entrySet().stream()
                  .filter(other -> !other.getKey().equals(host))
                  .filter(other ->
                      other.getValue().stream().anyMatch(r -> r.name().equals(guest.name())))
                  .map(other -> guest.name() + " on " + host + " and " + other.getKey()))
          .toList();
    }
  }

  /** Goes on beside a story. */
  private static final class Look {
    private final Sight sight = new Sight();
    private final Set<String> twice = new TreeSet<>();
    private final ScheduledExecutorService eye = Executors.newSingleThreadScheduledExecutor();
    private final Future<?> looking =
        eye.scheduleWithFixedDelay(this::around, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    private int seen;

    private void around() {
      World.HOSTS.forEach(host -> twice.addAll(sight.on(host, running(host))));
      seen++;
    }

    /** Nothing on a host that does not answer. */
    private static Set<Running> running(String host) {
      Shell.Answer answer = Lab.ask(PATIENCE, "virsh", host, "list", "--state-running");
      return answer.ok()
          ? World.lines(answer.output())
              .map(line -> line.split(" +"))
              .map(words -> new Running(words[0], words[1]))
              .collect(Collectors.toSet())
          : Set.of();
    }

    private void end() {
      eye.close();
      assertThat(twice).as("guests that ran on two hosts at once").isEmpty();
      assertThat(looking.state()).as("looking on").isEqualTo(Future.State.CANCELLED);
      assertThat(seen).as("how often all hosts were seen").isGreaterThan(1);
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    look = Optional.of(new Look());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    look.ifPresent(Look::end);
  }
}
