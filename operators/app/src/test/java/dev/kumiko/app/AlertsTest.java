package dev.kumiko.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.sdk.Controllers;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The alerts of the chart ask for what an operator tells. */
final class AlertsTest {
  private static final Path RULES = Path.of("../../charts/kumiko/templates/monitoring.yaml");
  private static final Pattern METRIC = Pattern.compile("\\bkumiko_\\w+");

  @Test
  void everyMetricOfAnAlertIsTold() throws IOException {
    Set<String> asked =
        METRIC
            .matcher(Files.readString(RULES))
            .results()
            .map(MatchResult::group)
            .collect(Collectors.toSet());
    assertThat(asked).hasSizeGreaterThan(5);
    assertThat(told()).containsAll(asked);
  }

  private static Set<String> told() {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Operators.countLeader(meters, () -> true);
    new RecoveryMeters(meters).count(new InMemoryCluster(InstantSource.system()));
    meters
        .timer(Controllers.PASSES, "kind", "Host", "outcome", "failed")
        .record(Duration.ofMillis(3));
    return meters
        .scrape()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.replaceFirst("[ {].*", ""))
        .collect(Collectors.toSet());
  }
}
