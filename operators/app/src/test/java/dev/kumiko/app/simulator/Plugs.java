package dev.kumiko.app.simulator;

import dev.kumiko.compute.power.PowerAddress;
import dev.kumiko.compute.power.PowerController;
import dev.kumiko.compute.power.PowerControllers;
import dev.kumiko.compute.power.PowerLogin;
import dev.kumiko.compute.power.PowerState;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.v1alpha1.Fence;

/** The power controllers of the hosts; only who is given up and not heard is switched off. */
final class Plugs implements PowerControllers.Opener {
  private final Site site;
  private boolean isSilent;

  Plugs(Site site) {
    this.site = site;
  }

  void silent(boolean yes) {
    isSilent = yes;
  }

  @Override
  public PowerController open(PowerAddress address, PowerLogin login) {
    return new Plug(site.metal(address.host()));
  }

  private final class Plug implements PowerController {
    private final Metal metal;

    Plug(Metal metal) {
      this.metal = metal;
    }

    @Override
    public PowerState state() {
      return metal.has(Metal.Fault.OFF) ? PowerState.OFF : PowerState.ON;
    }

    @Override
    public void off() {
      site.chronicle().say("the plug of " + metal.name + (isSilent ? " is silent" : " is pulled"));
      if (isSilent) {
        throw new Unavailable("redfish/" + metal.name, "no answer");
      }
      if (metal.isManageable() || site.fence(metal.name).filter(Fence::isShut).isEmpty()) {
        throw new Broken("only who is given up and not heard is switched off: " + metal.name);
      }
      metal.befall(Metal.Fault.OFF);
    }

    @Override
    public void close() {}
  }
}
