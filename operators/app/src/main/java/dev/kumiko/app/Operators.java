package dev.kumiko.app;

import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.sdk.Controllers;
import dev.kumiko.reconcile.sdk.KubernetesCluster;
import dev.kumiko.reconcile.sdk.KubernetesConnection;
import dev.kumiko.reconcile.sdk.Leadership;
import dev.kumiko.reconcile.sdk.Leadership.LeaseName;
import dev.kumiko.reconcile.sdk.MeteredJournal;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All objects of the process and how they know each other. */
final class Operators implements AutoCloseable {
  private static final int LEASE_LOST = 3;
  private static final Logger log = LoggerFactory.getLogger(Operators.class);

  private final Settings settings;
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final KubernetesClient client;
  private final KubernetesCluster cluster;
  private final RecoveryMeters recoveries;
  private final Kinds kinds;
  private final Controllers controllers;
  private final Leadership leadership;
  private final StatusPages pages;

  Operators(Settings settings) throws IOException {
    this.settings = settings;
    Clock clock = Clock.systemUTC();
    client = KubernetesConnection.open();
    cluster = new KubernetesCluster(client, meters, settings.identity(), clock);
    recoveries = new RecoveryMeters(meters);
    kinds =
        new Kinds(
            settings.denying(client.getMasterUrl().getHost()),
            cluster,
            this::leads,
            clock,
            recoveries::recovered);
    controllers =
        new Controllers(cluster, new MeteredJournal(meters), meters, clock, settings.concurrency());
    leadership =
        new Leadership(
            client,
            new LeaseName(settings.leaseNamespace(), settings.lease()),
            settings.identity(),
            controllers::start,
            Operators::leaseLost);
    pages = new StatusPages(settings.http(), cluster::isReady, meters::scrape);
    measure();
  }

  private boolean leads() {
    return leadership.isLeader();
  }

  private void measure() {
    new JvmMemoryMetrics().bindTo(meters);
    new JvmThreadMetrics().bindTo(meters);
    new ProcessorMetrics().bindTo(meters);
    new UptimeMetrics().bindTo(meters);
    collections.bindTo(meters);
    countLeader(meters, this::leads);
  }

  /** Whether this process leads: who does not does nothing. */
  static void countLeader(MeterRegistry meters, BooleanSupplier leads) {
    Gauge.builder("kumiko.leader", () -> leads.getAsBoolean() ? 1 : 0).register(meters);
  }

  /** Returns when everything runs, or waits for its turn. */
  void run() throws IOException, InterruptedException {
    pages.start();
    for (Group group : settings.groups()) {
      for (Kind<?, ?, ?, ?> kind : kinds.of(group)) {
        controllers.add(kind);
      }
    }
    cluster.start();
    if (settings.groups().contains(Group.COMPUTE)) {
      recoveries.count(cluster);
    }
    leadership.start();
    log.info("Started {} as {}", settings.groups(), settings.identity());
  }

  /** At once, without shutdown hooks: another process may already be at work. */
  private static void leaseLost() {
    log.error("The lease is lost: this process ends");
    Runtime.getRuntime().halt(LEASE_LOST);
  }

  /** The lease goes back when no call of ours can reach the world any more. */
  @Override
  public void close() {
    controllers.close();
    kinds.close();
    leadership.close();
    cluster.close();
    pages.close();
    collections.close();
    client.close();
  }
}
