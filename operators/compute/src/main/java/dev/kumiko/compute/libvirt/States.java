package dev.kumiko.compute.libvirt;

/** Reads virDomainState and its reasons (libvirt/libvirt-domain.h). */
final class States {
  private static final int PAUSED_IOERROR = 5;

  private States() {}

  static GuestState of(int state, int reason) {
    return switch (state) {
      case 1, 2 -> GuestState.RUNNING;
      case 3 -> reason == PAUSED_IOERROR ? GuestState.PAUSED_BY_IO_ERROR : GuestState.PAUSED;
      case 4 -> GuestState.SHUTTING_DOWN;
      case 5 -> GuestState.STOPPED;
      default -> GuestState.OTHER_ACTIVE;
    };
  }
}
