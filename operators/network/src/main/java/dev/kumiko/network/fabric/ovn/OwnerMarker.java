package dev.kumiko.network.fabric.ovn;

import dev.kumiko.network.fabric.Value;
import dev.kumiko.reconcile.Ownership;
import java.util.Map;
import java.util.Optional;

/** How a row says in {@code external_ids} whose it is. */
final class OwnerMarker {
  /** Every row of ours has this pair, so that the server can send only those. */
  static final Map.Entry<String, String> PAIR = Map.entry("kumiko.owner", Ownership.OWNER);

  private OwnerMarker() {}

  static Value of(Ownership owner) {
    return Value.pairs(owner.toMap());
  }

  static Optional<Ownership> read(Value externalIds) {
    return externalIds instanceof Value.Pairs(var pairs)
        ? Ownership.fromMap(pairs)
        : Optional.empty();
  }
}
