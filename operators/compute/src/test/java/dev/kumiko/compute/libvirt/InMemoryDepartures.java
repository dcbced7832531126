package dev.kumiko.compute.libvirt;

import dev.kumiko.compute.libvirt.Transfer.Progress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Moves of guests between hosts in memory: each look at one brings it on a step. */
final class InMemoryDepartures {
  private static final long MEBIBYTE = 1 << 20;
  private static final long STEPS = 4;
  private final Map<String, InMemoryHypervisor> peers = new LinkedHashMap<>();
  private final Map<UUID, Move> moves = new LinkedHashMap<>();
  private final Map<UUID, String> failures = new LinkedHashMap<>();
  private Optional<String> refusal = Optional.empty();
  private boolean stand;

  private record Move(
      InMemoryHypervisor to,
      Guest guest,
      boolean waits,
      long steps,
      boolean givenUp,
      boolean postCopy,
      boolean brief) {
    Move at(long step) {
      return new Move(to, guest, waits, step, givenUp, postCopy, brief);
    }

    Move aborted() {
      return new Move(to, guest, waits, steps, true, postCopy, brief);
    }

    Move switched() {
      return new Move(to, guest, waits, STEPS, givenUp, true, brief);
    }

    Move patient() {
      return new Move(to, guest, waits, steps, givenUp, postCopy, false);
    }

    Progress progress() {
      return new Progress(
          steps * MEBIBYTE,
          (STEPS - steps) * MEBIBYTE,
          STEPS * MEBIBYTE,
          steps,
          postCopy,
          Duration.ZERO);
    }
  }

  void meet(InMemoryHypervisor peer) {
    peers.put(peer.host(), peer);
  }

  /** From now on moves fail, as when the peer's certificate has ended; empty: they do not. */
  void refuse(Optional<String> why) {
    refusal = why;
  }

  /** Whether moves come no further. */
  void stand(boolean yes) {
    stand = yes;
  }

  void begin(Guest guest, MigrationOrder order) {
    UUID uuid = guest.uuid();
    if (moves.containsKey(uuid)) {
      return;
    }
    failures.remove(uuid);
    Optional<InMemoryHypervisor> to = Optional.ofNullable(peers.get(order.to()));
    Optional<String> why =
        refusal.or(() -> to.isEmpty() ? Optional.of("unable to connect") : Optional.empty());
    if (why.isPresent()) {
      failures.put(uuid, why.get());
      return;
    }
    to.get().expect(guest);
    moves.put(
        uuid, new Move(to.get(), guest, !order.postCopy(), 0, false, false, !order.postCopy()));
  }

  /** Empty: it is there. */
  Optional<Transfer> look(UUID uuid, Optional<Guest> here) {
    Move move = moves.get(uuid);
    if (move == null) {
      return Optional.of(new Transfer.None(Optional.ofNullable(failures.get(uuid))));
    }
    boolean lost = here.filter(g -> g.state().isActive()).isEmpty();
    if (move.givenUp() || lost) {
      moves.remove(uuid);
      failures.put(uuid, move.givenUp() ? "operation aborted" : "the stream broke");
      move.to().drop(uuid);
      return look(uuid, here);
    }
    if (move.steps() == STEPS) {
      moves.remove(uuid);
      move.to().takeOver(here.orElseThrow(), !move.waits());
      return Optional.empty();
    }
    Move next = move.at(stand ? move.steps() : move.steps() + 1);
    moves.put(uuid, next);
    return Optional.of(new Transfer.Ongoing(next.progress(), false, next.brief()));
  }

  void switchToPostCopy(UUID uuid) {
    moves.computeIfPresent(uuid, (_, move) -> move.switched());
  }

  void allowLongerPause(UUID uuid) {
    moves.computeIfPresent(uuid, (_, move) -> move.patient());
  }

  void abort(UUID uuid) {
    moves.computeIfPresent(uuid, (_, move) -> move.aborted());
  }
}
