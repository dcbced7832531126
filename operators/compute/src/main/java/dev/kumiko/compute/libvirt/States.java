package dev.kumiko.compute.libvirt;

/** Reads virDomainState and its reasons (libvirt/libvirt-domain.h). */
final class States {
  private static final int PAUSED_MIGRATION = 2;
  private static final int PAUSED_IOERROR = 5;
  private static final int PAUSED_STARTING_UP = 11;
  private static final int PAUSED_POSTCOPY = 12;
  private static final int PAUSED_POSTCOPY_FAILED = 13;

  private States() {}

  static GuestState of(int state, int reason) {
    return switch (state) {
      case 1, 2 -> GuestState.RUNNING;
      case 3 -> paused(reason);
      case 4 -> GuestState.SHUTTING_DOWN;
      case 5 -> GuestState.STOPPED;
      default -> GuestState.OTHER_ACTIVE;
    };
  }

  private static GuestState paused(int reason) {
    return switch (reason) {
      case PAUSED_IOERROR -> GuestState.PAUSED_BY_IO_ERROR;
      case PAUSED_MIGRATION, PAUSED_STARTING_UP, PAUSED_POSTCOPY, PAUSED_POSTCOPY_FAILED ->
          GuestState.HELD;
      default -> GuestState.PAUSED;
    };
  }
}
