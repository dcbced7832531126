package dev.kumiko.compute.domainxml;

/** How guests run on a host. */
public enum Acceleration {
  /** By the processor. */
  KVM("kvm"),
  /** By software emulation. */
  TCG("qemu");

  private final String domainType;

  Acceleration(String domainType) {
    this.domainType = domainType;
  }

  /** As libvirt names it. */
  public String domainType() {
    return domainType;
  }

  static Acceleration ofDomainType(String type) {
    return type.equals(KVM.domainType) ? KVM : TCG;
  }
}
