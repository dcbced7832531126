package dev.kumiko.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.VirtualMachine;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

final class RecoveryMetersTest {
  @Test
  void eachPhaseOfARecoveryIsAHistogram() {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    VirtualMachine.Recovered story =
        new VirtualMachine.Recovered(
            "h1",
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:05.2Z",
            "2026-01-01T00:00:05.6Z",
            "2026-01-01T00:00:05.7Z",
            "2026-01-01T00:00:06.5Z",
            "2026-01-01T00:00:10Z");
    new RecoveryMeters(meters).recovered(story);
    assertThat(meters.scrape())
        .contains("kumiko_recovery_seconds_bucket{phase=\"detection\",le=\"10.0\"} 1")
        .contains("kumiko_recovery_seconds_bucket{phase=\"detection\",le=\"5.0\"} 0")
        .contains("kumiko_recovery_seconds_sum{phase=\"all\"} 10.0")
        .contains("phase=\"fence\"", "phase=\"placement\"", "phase=\"start\"", "phase=\"boot\"");
  }
}
