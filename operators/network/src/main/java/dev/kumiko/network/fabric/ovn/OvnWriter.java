package dev.kumiko.network.fabric.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kumiko.network.fabric.Row;
import dev.kumiko.network.fabric.RowChange;
import dev.kumiko.reconcile.Endpoint;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a fabric: what is asked within a few milliseconds becomes one transaction,
 * compared with the replica at the moment it is sent. Transactions are the calls of its endpoint.
 */
final class OvnWriter implements AutoCloseable {
  private static final Duration GATHERING = Duration.ofMillis(3);

  /** Asks that wait at most; more are turned away at once. */
  private static final int WAITING = 1024;

  /** What the writer needs of the world. */
  interface World {
    Set<Row> rows(Ownership owner);

    boolean isOwned(UUID row);

    /** Whether a row stands that has lost its marker. */
    boolean isUnmarked(Row row);

    OvsdbSchema schema() throws OvsdbFailure;

    JsonNode transact(List<JsonNode> operations) throws OvsdbFailure;

    /** The generation of rows that are already there. */
    long generation(Ownership owner);

    void committed(Ownership owner, long generation);

    /** The owner has no rows any more. */
    void withdrawn(Ownership owner);

    void waits(Ownership owner, UUID forRow);
  }

  private record Ask(Ownership owner, Set<Row> desired, CompletableFuture<Long> answer) {}

  /** A row, and one that must come before it. */
  private record Missing(Row row, UUID needed) {}

  /** What the database said to a transaction: its outcomes, or why it does not want it. */
  private sealed interface Reply {
    record Done(JsonNode outcomes) implements Reply {}

    record Declined(OvsdbFailure why) implements Reply {}
  }

  private final Endpoint endpoint;
  private final World world;
  private final LinkedBlockingDeque<Ask> asks = new LinkedBlockingDeque<>();
  private final Thread thread;

  OvnWriter(Endpoint endpoint, World world) {
    this.endpoint = endpoint;
    this.world = world;
    this.thread = Thread.ofPlatform().daemon().name("ovn writer").start(this::run);
  }

  long commit(Ownership owner, Set<Row> desired, Duration deadline) {
    if (asks.size() >= WAITING) {
      throw new Unavailable(endpoint.name(), "busy: " + WAITING + " commits wait already");
    }
    CompletableFuture<Long> answer = new CompletableFuture<>();
    asks.add(new Ask(owner, Set.copyOf(desired), answer));
    try {
      return answer.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(false);
      throw new Unavailable(
          endpoint.name(),
          "the rows of "
              + owner.key()
              + " were not committed within "
              + deadline.toMillis()
              + " ms",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable(
          endpoint.name(), "interrupted while committing the rows of " + owner.key(), e);
    } catch (ExecutionException e) {
      throw outcome(e.getCause());
    }
  }

  /** Moves the generation and nothing else. */
  void beat() {
    endpoint.call("a pulse", () -> reply(List.of()));
  }

  private static RuntimeException outcome(@Nullable Throwable cause) {
    return switch (cause) {
      case null -> new IllegalStateException("the writer failed and does not say why");
      case Rejection rejection -> new Rejection(rejection.reason(), message(rejection));
      case Unavailable unavailable ->
          new Unavailable(unavailable.endpoint(), message(unavailable), unavailable);
      default -> new IllegalStateException("the writer failed", cause);
    };
  }

  private static String message(Throwable cause) {
    return String.valueOf(cause.getMessage());
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Ask first = asks.take();
        TimeUnit.NANOSECONDS.sleep(GATHERING.toNanos());
        List<Ask> gathered = new ArrayList<>(List.of(first));
        asks.drainTo(gathered);
        perform(onePerOwner(gathered));
      }
    } catch (InterruptedException e) {
      asks.forEach(ask ->
          ask.answer()
              .completeExceptionally(new Unavailable(endpoint.name(), "the fabric was closed")));
    }
  }

  /**
   * A second ask of the same owner waits for the next round, so that each is compared with what the
   * first left.
   */
  private Collection<Ask> onePerOwner(List<Ask> gathered) {
    Map<Ownership, Ask> firsts = new LinkedHashMap<>();
    List<Ask> later = new ArrayList<>();
    for (Ask ask : gathered) {
      if (ask.answer().isDone()) {
        continue;
      }
      Ask known = firsts.putIfAbsent(ask.owner(), ask);
      if (known != null) {
        later.add(ask);
      }
    }
    later.reversed().forEach(asks::addFirst);
    return firsts.values();
  }

  private void perform(Collection<Ask> batch) {
    try {
      Map<Ask, List<RowChange>> work = new LinkedHashMap<>();
      batch.forEach(
          ask -> work.put(ask, RowChange.between(ask.desired(), world.rows(ask.owner()))));
      dropUnfounded(work);
      settleIdle(work);
      if (!work.isEmpty()) {
        transact(work);
      }
    } catch (Unavailable e) {
      fail(batch, e);
    } catch (RuntimeException e) {
      eachAlone(batch, e);
    }
  }

  private static void fail(Collection<Ask> asks, RuntimeException why) {
    asks.forEach(ask -> ask.answer().completeExceptionally(why));
  }

  /** One ask that cannot be carried out fails its whole transaction: find out whose it is. */
  private void eachAlone(Collection<Ask> asks, RuntimeException why) {
    if (asks.size() == 1) {
      fail(asks, why);
      return;
    }
    List.copyOf(asks).stream()
        .filter(ask -> !ask.answer().isDone())
        .forEach(ask -> perform(List.of(ask)));
  }

  /** Fails what needs rows that are not there and that nobody in this batch brings. */
  private void dropUnfounded(Map<Ask, List<RowChange>> work) {
    boolean again = true;
    while (again) {
      Set<UUID> brought = new HashSet<>();
      Set<UUID> taken = new HashSet<>();
      work.values().stream()
          .flatMap(List::stream)
          .forEach(change -> {
            if (change instanceof RowChange.Insert(Row row)) {
              brought.add(row.id());
            } else if (change instanceof RowChange.Delete(Row row)) {
              taken.add(row.id());
            }
          });
      again =
          work.entrySet()
              .removeIf(entry -> {
                Optional<Missing> missing = missing(entry.getValue(), brought, taken);
                missing.ifPresent(m -> refuse(entry.getKey(), m));
                return missing.isPresent();
              });
    }
  }

  private void refuse(Ask ask, Missing missing) {
    world.waits(ask.owner(), missing.needed());
    ask.answer()
        .completeExceptionally(
            new Unavailable(
                endpoint.name(),
                missing.row().table() + " needs row " + missing.needed() + ", which is not there"));
  }

  private Optional<Missing> missing(List<RowChange> changes, Set<UUID> brought, Set<UUID> taken) {
    return changes.stream()
        .flatMap(OvnWriter::written)
        .flatMap(row ->
            row.needs().stream()
                .filter(id -> !brought.contains(id) && (taken.contains(id) || !world.isOwned(id)))
                .map(id -> new Missing(row, id)))
        .findFirst();
  }

  private static Stream<Row> written(RowChange change) {
    return switch (change) {
      case RowChange.Insert(Row row) -> Stream.of(row);
      case RowChange.Update(Row row, var columns) -> Stream.of(row);
      case RowChange.Move(Row row, var from) -> Stream.of(row);
      case RowChange.Delete delete -> Stream.empty();
    };
  }

  private void settleIdle(Map<Ask, List<RowChange>> work) {
    work.entrySet()
        .removeIf(entry -> {
          boolean idle = entry.getValue().isEmpty();
          if (idle) {
            entry.getKey().answer().complete(world.generation(entry.getKey().owner()));
          }
          return idle;
        });
  }

  private void transact(Map<Ask, List<RowChange>> work) {
    List<RowChange> changes = work.values().stream().flatMap(List::stream).toList();
    switch (endpoint.call("a transaction", () -> reply(changes))) {
      case Reply.Done(JsonNode outcomes) ->
          committed(work.keySet(), RowTransaction.generation(outcomes));
      case Reply.Declined(OvsdbFailure why) -> eachAlone(work.keySet(), declined(why));
    }
  }

  /** A database that answers is well, whatever it says: only silence counts against it. */
  private Reply reply(List<RowChange> changes) {
    try {
      return new Reply.Done(
          world.transact(
              new RowTransaction(world.schema(), world::isUnmarked).operations(changes)));
    } catch (OvsdbFailure.Refused | OvsdbFailure.Failed e) {
      return new Reply.Declined(e);
    } catch (OvsdbFailure e) {
      throw new Unavailable(endpoint.name(), message(e), e);
    }
  }

  private RuntimeException declined(OvsdbFailure why) {
    return why instanceof OvsdbFailure.Refused
        ? new Rejection("FabricRefused", message(why))
        : new Unavailable(endpoint.name(), message(why), why);
  }

  private void committed(Collection<Ask> asks, long generation) {
    for (Ask ask : asks) {
      if (ask.desired().isEmpty()) {
        world.withdrawn(ask.owner());
      } else {
        world.committed(ask.owner(), generation);
      }
      confirm(ask, generation);
    }
  }

  /**
   * The replica shows a transaction before its reply arrives: what still differs was changed by
   * another hand.
   */
  private void confirm(Ask ask, long generation) {
    if (RowChange.between(ask.desired(), world.rows(ask.owner())).isEmpty()) {
      ask.answer().complete(generation);
    } else {
      ask.answer()
          .completeExceptionally(
              new Unavailable(
                  endpoint.name(),
                  "the rows of " + ask.owner().key() + " were changed by somebody else meanwhile"));
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
