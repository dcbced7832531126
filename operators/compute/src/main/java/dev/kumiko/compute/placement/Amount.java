package dev.kumiko.compute.placement;

/** Virtual processors and memory. */
public record Amount(long vcpus, long memoryKibibytes) {
  public static final Amount NOTHING = new Amount(0, 0);

  public Amount plus(Amount other) {
    return new Amount(vcpus + other.vcpus, memoryKibibytes + other.memoryKibibytes);
  }

  public Amount minus(Amount other) {
    return new Amount(vcpus - other.vcpus, memoryKibibytes - other.memoryKibibytes);
  }
}
