package dev.kumiko.app.simulator;

import dev.kumiko.compute.verdict.Policy;
import dev.kumiko.v1alpha1.VirtualMachine.HostFailure;
import java.util.List;

/** What there is when a case begins. */
record Setup(int hosts, List<Guest> guests, Policy policy) {
  Setup {
    guests = List.copyOf(guests);
  }

  /** A machine, and the host that it runs on; a host of that name is chosen by placement. */
  record Guest(String name, String host, int vcpus, HostFailure onHostFailure, int priority) {
    static final int VCPUS = 2;
    static final int PRIORITY = 500;

    static Guest on(String name, String host) {
      return new Guest(name, host, VCPUS, HostFailure.Restart, PRIORITY);
    }
  }
}
