package dev.kumiko.compute.libvirt;

/** What a domain does. */
public enum GuestState {
  /** Not active: known to the host only. */
  STOPPED,
  /** Active, its processors stand still because somebody asked for that. */
  PAUSED,
  /** Active, held by the host itself: it is being started, comes from another host or leaves. */
  HELD,
  /** Active, stopped by the host itself because a disk failed. */
  PAUSED_BY_IO_ERROR,
  RUNNING,
  /** Running, asked to power off. */
  SHUTTING_DOWN,
  /** Active in a state that we never bring about, such as suspended by the guest. */
  OTHER_ACTIVE;

  /** Whether it is active and its processors stand still, though its disks are well. */
  public boolean standsStill() {
    return this == PAUSED || this == HELD;
  }

  /** Whether it is active and its processors could be let run. */
  public boolean isResumable() {
    return standsStill() || this == PAUSED_BY_IO_ERROR;
  }

  /** Whether the domain has a process that may have disks open. */
  public boolean isActive() {
    return this != STOPPED;
  }
}
