package dev.kumiko.app.simulator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Optional;

/** What became of an object. */
record Change(Optional<HasMetadata> before, Optional<HasMetadata> after) {
  HasMetadata object() {
    return after.or(() -> before).orElseThrow();
  }
}
