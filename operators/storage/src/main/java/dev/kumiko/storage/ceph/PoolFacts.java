package dev.kumiko.storage.ceph;

import java.util.List;

/** What the monitors report about a pool and its cluster. */
public record PoolFacts(
    String fsid, long usedBytes, long availableBytes, Health health, List<String> warnings) {

  /** The cluster's own verdict. */
  public enum Health {
    OK,
    WARN,
    ERROR
  }

  public PoolFacts {
    warnings = List.copyOf(warnings);
  }

  /** Used plus what can still be written, after replication. */
  public long capacityBytes() {
    return usedBytes + availableBytes;
  }
}
