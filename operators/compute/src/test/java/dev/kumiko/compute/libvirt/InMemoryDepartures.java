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
      InMemoryHypervisor to, Guest guest, long steps, boolean givenUp, boolean postCopy) {
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
    moves.put(uuid, new Move(to.get(), guest, 0, false, false));
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
      move.to().takeOver(here.orElseThrow());
      return Optional.empty();
    }
    Move next =
        new Move(
            move.to(),
            move.guest(),
            stand ? move.steps() : move.steps() + 1,
            false,
            move.postCopy());
    moves.put(uuid, next);
    return Optional.of(new Transfer.Ongoing(next.progress(), false));
  }

  void switchToPostCopy(UUID uuid) {
    moves.computeIfPresent(
        uuid, (_, move) -> new Move(move.to(), move.guest(), STEPS, move.givenUp(), true));
  }

  void abort(UUID uuid) {
    moves.computeIfPresent(
        uuid, (_, move) -> new Move(move.to(), move.guest(), move.steps(), true, move.postCopy()));
  }
}
