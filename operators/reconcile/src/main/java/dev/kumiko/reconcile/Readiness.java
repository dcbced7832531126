package dev.kumiko.reconcile;

import java.util.List;

/** How far a resource is from what it asks for. */
public sealed interface Readiness {
  String reason();

  String message();

  /** Usable now. */
  record Ready(String message) implements Readiness {
    @Override
    public String reason() {
      return "Ready";
    }
  }

  /** On its way, or held up by what is named. */
  record Waiting(String reason, String message, List<Wait> on) implements Readiness {
    public Waiting {
      on = List.copyOf(on);
    }
  }

  /** The world cannot be seen right now: neither usable nor unusable is claimed. */
  record Unknown(String reason, String message, List<Wait> on) implements Readiness {
    public Unknown {
      on = List.copyOf(on);
    }
  }

  /** Nothing more happens until the spec changes. */
  record Stalled(String reason, String message) implements Readiness {}

  static Readiness waiting(String reason, String message) {
    return new Waiting(reason, message, List.of());
  }

  static Readiness waitingFor(Wait wait) {
    return new Waiting(wait.reason(), wait.message(), List.of(wait));
  }
}
