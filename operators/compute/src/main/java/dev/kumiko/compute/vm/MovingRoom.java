package dev.kumiko.compute.vm;

import dev.kumiko.compute.placement.Decision;
import dev.kumiko.compute.placement.Demand;
import dev.kumiko.compute.placement.Placement;
import dev.kumiko.compute.placement.Room;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Size;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.UUID;
import java.util.function.Predicate;

/** The hosts as a machine finds them that moves: by the rules that it was placed by. */
record MovingRoom(VirtualMachineDesire desire, CandidateHosts candidates) implements Room {
  @Override
  public Decision choose(VirtualMachine machine, Predicate<String> allowed) {
    DesiredVirtualMachine asked = desire.unblocked(machine);
    Demand demand = demand(asked);
    return Placement.place(demand, candidates.fleet(asked.identity(), demand).among(allowed));
  }

  @Override
  public void reserve(
      UUID owner, VirtualMachine machine, String host, Predicate<String> allowed, Runnable write) {
    DesiredVirtualMachine asked = desire.unblocked(machine);
    candidates.reserve(owner.toString(), asked.identity(), demand(asked), host, allowed, write);
  }

  /** It takes nothing from the reserve: what it needs there becomes free here. */
  private static Demand demand(DesiredVirtualMachine asked) {
    Size size = asked.size();
    return new Demand(size.amount(), size.hostSelector(), size.cpuModel(), size.rules(), true);
  }
}
