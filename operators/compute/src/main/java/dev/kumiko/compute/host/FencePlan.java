package dev.kumiko.compute.host;

import dev.kumiko.compute.verdict.Verdict;
import dev.kumiko.v1alpha1.Fence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is done about a host that does not answer, and about one that is back. */
final class FencePlan {
  private FencePlan() {}

  static List<HostAction> plan(DesiredHost asked, ObservedHost observed) {
    String host = asked.target().host();
    Optional<Plight.Case> fence = observed.plight().fence();
    if (fence.isEmpty()) {
      return free(asked, observed);
    }
    if (fence.get().isShut()) {
      return shut(host, observed);
    }
    boolean isAcquitted = fence.get().isLeaving() && !fence.get().isReleased();
    return isAcquitted ? List.of() : suspected(host, observed, fence.get());
  }

  private static List<HostAction> free(DesiredHost asked, ObservedHost observed) {
    if (observed.machines().isEmpty() || asked.storageAddresses().isEmpty()) {
      return List.of();
    }
    String host = asked.target().host();
    return switch (observed.plight().verdict()) {
      case Verdict.Dead(String why) -> List.of(new HostAction.GiveUp(host, why));
      case Verdict.Open(String why) when observed.plight().isSilent() ->
          List.of(new HostAction.Suspect(host, why));
      case Verdict.Open _,
          Verdict.Alive _,
          Verdict.DaemonDown _,
          Verdict.TooMany _,
          Verdict.Isolated _ ->
          List.of();
    };
  }

  /** Released, but for one call. */
  private static List<HostAction> suspected(String host, ObservedHost observed, Plight.Case fence) {
    if (fence.stage() == Fence.Stage.GivenUp) {
      return List.of(new HostAction.LetIn(host));
    }
    return switch (observed.plight().verdict()) {
      case Verdict.Alive _ -> List.of(new HostAction.Acquit(host));
      case Verdict.Dead(String why) when !observed.machines().isEmpty() ->
          List.of(new HostAction.GiveUp(host, why));
      case Verdict.Dead _,
          Verdict.Open _,
          Verdict.DaemonDown _,
          Verdict.TooMany _,
          Verdict.Isolated _ ->
          observed.machines().isEmpty() ? List.of(new HostAction.Acquit(host)) : List.of();
    };
  }

  /** Once it is back: whatever it still runs has lost its disks, and may not find them again. */
  private static List<HostAction> shut(String host, ObservedHost observed) {
    if (observed.sight().isEmpty()) {
      return observed.plight().powerCut() instanceof PowerCut.Missing cut && cut.isDue()
          ? List.of(new HostAction.SwitchOff(host, cut.givenUpAt()))
          : List.of();
    }
    List<HostAction> ends = new ArrayList<>();
    for (Plight.Leftover leftover : observed.plight().leftovers()) {
      ends.add(new HostAction.EndLeftover(host, leftover));
    }
    return ends.isEmpty() ? List.of(new HostAction.LetIn(host)) : ends;
  }
}
