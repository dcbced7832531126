package dev.kumiko.reconcile.sdk;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.util.concurrent.Striped;
import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.Loop;
import dev.kumiko.reconcile.Loop.Outcome;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.reconcile.Watch;
import dev.kumiko.v1alpha1.Reporting;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Lock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Runs one kind's loop when the operator SDK says so.
 *
 * <p>The SDK (5.2.3) keeps its books by name. An object that is made again while the last pass over
 * its predecessor ends is taken for the predecessor: its pass runs beside that one, and if the SDK
 * removed the finalizer there, it never hears of its own deletion. So the finalizer is removed
 * here, and passes over one name take turns.
 */
final class SdkReconciler<R extends CustomResource<?, ?> & Reporting, D, O, A extends Action>
    implements Reconciler<R>, Cleaner<R> {
  private static final Duration RESYNC = Duration.ofMinutes(5);
  private static final Duration AFTER_CONFLICTS = Duration.ofMillis(200);
  private static final int CONFLICTS = 3;

  /** What passes by itself is not worth a write. */
  private static final int ATTEMPTS_UNTIL_SAID = 2;

  private static final Logger log = LoggerFactory.getLogger(SdkReconciler.class);

  private final Kind<R, D, O, A> kind;
  private final Loop<R, D, O, A> loop;
  private final KubernetesCluster cluster;
  private final MeterRegistry meters;
  private final String kindName;
  private final SimpleInboundEventSource<R> wakes = new SimpleInboundEventSource<>("wakes");
  private final Striped<Lock> turns = Striped.lazyWeakLock(1 << 16);

  /** By UID, for longer than the SDK's watch takes to bring their end. */
  private final Cache<String, Boolean> released =
      CacheBuilder.newBuilder().expireAfterWrite(Duration.ofMinutes(10)).build();

  private final Cache<String, Boolean> complaints =
      CacheBuilder.newBuilder()
          .expireAfterWrite(Duration.ofMinutes(10))
          .maximumSize(10_000)
          .build();

  SdkReconciler(
      Kind<R, D, O, A> kind,
      Loop<R, D, O, A> loop,
      KubernetesCluster cluster,
      MeterRegistry meters) {
    this.kind = kind;
    this.loop = loop;
    this.cluster = cluster;
    this.meters = meters;
    this.kindName = HasMetadata.getKind(kind.type());
  }

  /** Connects the changes of other resources and of the outside world with passes. */
  void listen() {
    cluster.inform(kind.type());
    kind.watches().forEach(this::listen);
    kind.listen(this::wake);
  }

  private <T extends HasMetadata> void listen(Watch<T> watch) {
    cluster
        .informed(watch.type())
        .onChange((before, after) -> {
          Set<ObjectKey> affected = new LinkedHashSet<>();
          before.ifPresent(b -> affected.addAll(watch.affects().apply(b)));
          after.ifPresent(a -> affected.addAll(watch.affects().apply(a)));
          affected.forEach(this::wake);
        });
  }

  private void wake(ObjectKey key) {
    String namespace = key.namespace().isEmpty() ? null : key.namespace();
    wakes.propagateEvent(new ResourceID(key.name(), namespace));
  }

  @Override
  public List<EventSource<?, R>> prepareEventSources(EventSourceContext<R> context) {
    return List.of(wakes);
  }

  @Override
  public UpdateControl<R> reconcile(R resource, Context<R> context) {
    return inTurn(resource, context)
        .map(o -> UpdateControl.<R>noUpdate().rescheduleAfter(o))
        .orElseGet(UpdateControl::noUpdate);
  }

  @Override
  public DeleteControl cleanup(R resource, Context<R> context) {
    DeleteControl ours = DeleteControl.noFinalizerRemoval();
    inTurn(resource, context).ifPresent(ours::rescheduleAfter);
    return ours;
  }

  /** When to look again; empty when the resource is gone. */
  private Optional<Duration> inTurn(R given, Context<R> context) {
    Lock turn = turns.get(ObjectKey.of(given));
    turn.lock();
    try {
      return isReleased(given) ? Optional.empty() : pass(given, context).flatMap(this::left);
    } finally {
      turn.unlock();
    }
  }

  private boolean isReleased(R resource) {
    return released.getIfPresent(resource.getMetadata().getUid()) != null;
  }

  private Optional<Duration> left(Outcome<R> outcome) {
    if (!outcome.released()) {
      return Optional.of(again(outcome));
    }
    try {
      cluster.release(outcome.resource());
    } catch (Conflict e) {
      log.debug("Not released yet: {}", e.getMessage());
      return Optional.of(AFTER_CONFLICTS);
    }
    released.put(outcome.resource().getMetadata().getUid(), true);
    return Optional.empty();
  }

  private static Duration again(Outcome<?> outcome) {
    return outcome
        .again()
        .orElseGet(
            () -> RESYNC.plusMillis(ThreadLocalRandom.current().nextLong(RESYNC.toMillis() / 4)));
  }

  /** Empty when the resource is gone. */
  private Optional<Outcome<R>> pass(R given, Context<R> context) {
    ObjectKey key = ObjectKey.of(given);
    Timer.Sample sample = Timer.start(meters);
    String result = "failed";
    MDC.put("kind", kindName);
    MDC.put("namespace", key.namespace());
    MDC.put("name", key.name());
    try {
      Optional<Outcome<R>> outcome = newest(given, key).flatMap(r -> newestPass(r, key));
      result = outcome.isPresent() && outcome.get().again().isPresent() ? "again" : "settled";
      outcome
          .flatMap(Outcome::failure)
          .ifPresent(failure -> {
            throw failure;
          });
      return outcome;
    } catch (Unavailable e) {
      result = "unavailable";
      if (isNews(key, e)) {
        log.warn("{}: {}", e.endpoint(), e.getMessage());
      }
      throw e;
    } catch (RuntimeException e) {
      if (isNews(key, e)) {
        log.error("The pass failed", e);
      }
      cluster.event(given, Cluster.Severity.Warning, "ReconcileFailed", e.toString());
      int attempts = context.getRetryInfo().map(RetryInfo::getAttemptCount).orElse(0);
      if (attempts >= ATTEMPTS_UNTIL_SAID) {
        newest(given, key).ifPresent(r -> sayBroken(r, e));
      }
      throw e;
    } finally {
      MDC.remove("kind");
      MDC.remove("namespace");
      MDC.remove("name");
      sample.stop(meters.timer(Controllers.PASSES, "kind", kindName, "outcome", result));
    }
  }

  private void sayBroken(R resource, RuntimeException failure) {
    try {
      loop.reportBroken(resource, failure);
    } catch (Conflict | Unavailable e) {
      failure.addSuppressed(e);
    }
  }

  private Optional<Outcome<R>> newestPass(R given, ObjectKey key) {
    R resource = given;
    for (int i = 0; i < CONFLICTS; i++) {
      try {
        return Optional.of(reconciled(resource));
      } catch (Conflict e) {
        log.debug("Again, on the newer version: {}", e.getMessage());
        Optional<R> fresh =
            cluster
                .fresh(kind.type(), key.namespace(), key.name())
                .filter(f -> Versions.sameObject(f, given));
        if (fresh.isEmpty()) {
          return Optional.empty();
        }
        resource = fresh.get();
      }
    }
    return Optional.of(
        new Outcome<>(resource, Optional.of(AFTER_CONFLICTS), false, Optional.empty()));
  }

  /** The SDK would never come back to a resource whose pass ended in an Error. */
  private Outcome<R> reconciled(R resource) {
    try {
      return loop.reconcile(resource);
    } catch (AssertionError | LinkageError | StackOverflowError e) {
      throw new IllegalStateException(e);
    }
  }

  /** Empty when another object has its name; that one gets a pass of its own. */
  private Optional<R> newest(R given, ObjectKey key) {
    R newest =
        cluster
            .get(kind.type(), key.namespace(), key.name())
            .filter(known -> Versions.atLeastAsNew(known, given))
            .orElse(given);
    return Optional.of(newest).filter(n -> Versions.sameObject(n, given));
  }

  private boolean isNews(ObjectKey key, RuntimeException e) {
    return complaints.asMap().putIfAbsent(key + " " + e, true) == null;
  }
}
