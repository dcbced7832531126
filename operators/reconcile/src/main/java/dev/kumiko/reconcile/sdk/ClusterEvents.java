package dev.kumiko.reconcile.sdk;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import dev.kumiko.reconcile.Cluster.Severity;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.v1alpha1.Kumiko;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes {@code events.k8s.io/v1} beside the passes: an event that cannot be written, or that
 * repeats the reason of one of the last minute, is dropped.
 */
final class ClusterEvents implements AutoCloseable {
  private static final Duration REPEAT = Duration.ofMinutes(1);

  /** Limits of events.k8s.io/v1 as the API server validates them. */
  private static final int NOTE_CHARACTERS = 1024;

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final Logger log = LoggerFactory.getLogger(ClusterEvents.class);

  private final KubernetesClient client;
  private final ApiCalls calls;
  private final String instance;
  private final Clock clock;
  private final Cache<Subject, Boolean> recent =
      CacheBuilder.newBuilder().expireAfterWrite(REPEAT).maximumSize(10_000).build();
  private final ThreadPoolExecutor writer =
      new ThreadPoolExecutor(
          1,
          1,
          10,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(1000),
          Thread.ofPlatform().daemon().name("events-", 0).factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  ClusterEvents(KubernetesClient client, ApiCalls calls, String instance, Clock clock) {
    this.client = client;
    this.calls = calls;
    this.instance = instance;
    this.clock = clock;
    writer.allowCoreThreadTimeOut(true);
  }

  void record(HasMetadata about, Severity severity, String reason, String message) {
    Subject subject = new Subject(about.getKind(), ObjectKey.of(about), reason);
    if (recent.asMap().putIfAbsent(subject, true) != null) {
      return;
    }
    Event event = event(about, severity, reason, message);
    writer.execute(() -> write(event));
  }

  private void write(Event event) {
    try {
      calls.call("create", Event.class, () -> client.resource(event).create());
    } catch (RuntimeException e) {
      log.warn("Event {} was not written: {}", event.getReason(), e.getMessage());
    }
  }

  private Event event(HasMetadata about, Severity severity, String reason, String message) {
    ObjectKey key = ObjectKey.of(about);
    String namespace = key.namespace().isEmpty() ? "default" : key.namespace();
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withGenerateName(key.name() + "-")
        .endMetadata()
        .withEventTime(new MicroTime(MICROS.format(clock.instant())))
        .withType(severity.name())
        .withReason(reason)
        .withAction("Reconcile")
        .withNote(
            message.length() <= NOTE_CHARACTERS ? message : message.substring(0, NOTE_CHARACTERS))
        .withReportingController(Kumiko.GROUP)
        .withReportingInstance(instance)
        .withNewRegarding()
        .withApiVersion(about.getApiVersion())
        .withKind(about.getKind())
        .withNamespace(key.namespace().isEmpty() ? null : key.namespace())
        .withName(key.name())
        .withUid(about.getMetadata().getUid())
        .withResourceVersion(about.getMetadata().getResourceVersion())
        .endRegarding()
        .build();
  }

  /** What may be still on its way is given up. */
  @Override
  public void close() {
    writer.shutdownNow();
  }

  private record Subject(String kind, ObjectKey key, String reason) {}
}
