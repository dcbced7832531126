package dev.kumiko.network.controller;

import dev.kumiko.network.controller.ObservedController.View;
import dev.kumiko.network.fabric.Chassis;
import dev.kumiko.reconcile.Readiness;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Wait;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a fabric's controller is. Pure. */
final class ControllerReport {
  private static final int NAMED = 5;

  private ControllerReport() {}

  static Readiness readiness(String endpoint, View view) {
    if (view.health().trouble().isPresent()) {
      String message = endpoint + ": " + view.health().trouble().get();
      return new Readiness.Waiting(
          "EndpointUnavailable",
          message,
          List.of(new Wait("Endpoint", endpoint, "EndpointUnavailable", message)));
    }
    Optional<Wait> lagging = view.health().lagging(endpoint);
    if (lagging.isPresent()) {
      return Readiness.waitingFor(lagging.get());
    }
    String silent =
        view.chassis().stream()
            .filter(chassis -> !chassis.live())
            .map(Chassis::name)
            .collect(Collectors.joining(", "));
    return new Readiness.Ready(
        "connected to "
            + view.health().controller().orElse("the controller")
            + "; "
            + view.live()
            + " live hosts"
            + (silent.isEmpty() ? "" : ", silent: " + silent));
  }

  /** Rows with our marker whose owners are gone: they may be another cluster's, so they stay. */
  static List<Report.Aspect> orphans(View view) {
    if (view.orphans().isEmpty()) {
      return List.of();
    }
    String names = view.orphans().stream().limit(NAMED).collect(Collectors.joining(", "));
    int more = view.orphans().size() - NAMED;
    return List.of(
        new Report.Aspect(
            "OrphanedRows",
            true,
            "OwnerNotFound",
            "rows of "
                + names
                + (more > 0 ? " and " + more + " more" : "")
                + " are on the fabric, but these objects do not exist here: delete the rows if no"
                + " other cluster owns them"));
  }
}
