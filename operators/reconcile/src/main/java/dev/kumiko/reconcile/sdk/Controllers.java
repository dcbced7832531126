package dev.kumiko.reconcile.sdk;

import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Journal;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.Loop;
import dev.kumiko.v1alpha1.Kumiko;
import dev.kumiko.v1alpha1.Reporting;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ResolvedControllerConfiguration;
import io.javaoperatorsdk.operator.api.config.informer.InformerConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All kinds of this process, each with an operator and a bounded pool of threads of its own. */
public final class Controllers implements AutoCloseable {
  /** The timer of passes, by kind and outcome. */
  public static final String PASSES = "kumiko.passes";

  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration RETRY_CAP = Duration.ofSeconds(30);
  private static final Duration LAST_PASSES = Duration.ofSeconds(3);
  private static final Logger log = LoggerFactory.getLogger(Controllers.class);

  private final KubernetesCluster cluster;
  private final Journal journal;
  private final MeterRegistry meters;
  private final Clock clock;
  private final int concurrency;
  private final List<Operator> operators = new ArrayList<>();
  private boolean closed;

  /**
   * @param concurrency passes of one kind at the same time at most
   */
  public Controllers(
      KubernetesCluster cluster,
      Journal journal,
      MeterRegistry meters,
      Clock clock,
      int concurrency) {
    this.cluster = cluster;
    this.journal = journal;
    this.meters = meters;
    this.clock = clock;
    this.concurrency = concurrency;
  }

  /** Adds a kind; MUST be called before the cluster is started, so that its types are watched. */
  public <R extends CustomResource<?, ?> & Reporting, D, O, A extends Action> void add(
      Kind<R, D, O, A> kind) {
    Loop<R, D, O, A> loop = new Loop<>(kind, cluster, clock, journal);
    SdkReconciler<R, D, O, A> reconciler = new SdkReconciler<>(kind, loop, cluster, meters);
    reconciler.listen();
    String name = HasMetadata.getKind(kind.type()).toLowerCase(Locale.ROOT);
    Operator operator =
        new Operator(settings ->
            settings
                .withKubernetesClient(cluster.client())
                .withCloseClientOnStop(false)
                .withUseSSAToPatchPrimaryResource(false)
                .withReconciliationTerminationTimeout(LAST_PASSES)
                .withExecutorService(threads(name)));
    operator.register(reconciler, configuration(name, kind.type(), operator));
    operators.add(operator);
  }

  private <R extends HasMetadata> ResolvedControllerConfiguration<R> configuration(
      String name, Class<R> type, Operator operator) {
    Informed<R> informed = cluster.informed(type);
    SlimStore<R> store = new SlimStore<>(informed::shared);
    return new ResolvedControllerConfiguration<>(
        name,
        false,
        SdkReconciler.class.getCanonicalName(),
        new Backoff(FIRST_RETRY, RETRY_CAP, new Random()),
        null,
        null,
        Kumiko.FINALIZER,
        Map.of(),
        KubernetesCluster.FIELD_MANAGER + "-finalizers",
        operator.getConfigurationService(),
        InformerConfiguration.builder(type)
            .withOnUpdateFilter(new AskedChange<>())
            .withItemStore(store)
            .buildForController(),
        false,
        null);
  }

  private ThreadPoolExecutor threads(String name) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            concurrency,
            concurrency,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /** Starts the passes; the cluster MUST be started before. */
  public synchronized void start() {
    if (closed) {
      return;
    }
    operators.forEach(Operator::start);
    log.info("{} controllers run", operators.size());
  }

  /** Ends the passes; those that run get seconds to end. */
  @Override
  public synchronized void close() {
    closed = true;
    operators.forEach(Operator::stop);
  }
}
