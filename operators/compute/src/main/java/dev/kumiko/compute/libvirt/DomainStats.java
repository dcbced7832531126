package dev.kumiko.compute.libvirt;

import static dev.kumiko.compute.libvirt.LibvirtFailure.check;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.libvirt.jna.ConnectionPointer;
import org.libvirt.jna.DomainPointer;

/**
 * One domain's figures from libvirt's bulk statistics.
 *
 * @param diskBytes size of each disk of an active domain, by target
 * @param isHeard whether the guest has sent something on each of its interfaces
 */
record DomainStats(GuestState state, Map<String, Long> diskBytes, boolean isHeard) {
  private static final int STATE = 1;
  private static final int INTERFACE = 1 << 4;
  private static final int BLOCK = 1 << 5;

  /** What libvirtd knows by itself. */
  static final int OF_DAEMON = STATE | INTERFACE;

  /** What QEMU must be asked for, which answers when its disks do. */
  static final int OF_DISKS = STATE | BLOCK;

  /** Do not wait for a QEMU that is busy; its figures are then left out. */
  private static final int NOWAIT = 1 << 29;

  /** What is done with each domain and its figures; the domain is freed afterwards. */
  interface Visitor {
    void visit(DomainPointer domain, DomainStats stats);
  }

  static void ofAll(ConnectionPointer connection, int groups, Visitor visitor) {
    PointerByReference records = new PointerByReference();
    int count = LibvirtExtras.VIRT.virConnectGetAllDomainStats(connection, groups, records, NOWAIT);
    if (count < 0) { // a driver that does not know the flag
      count =
          check(
              LibvirtExtras.VIRT.virConnectGetAllDomainStats(connection, groups, records, 0),
              "virConnectGetAllDomainStats");
    }
    visit(records.getValue(), count, visitor);
  }

  static void of(DomainHandle domain, int groups, Visitor visitor) {
    PointerByReference records = new PointerByReference();
    Pointer[] domains = {domain.pointer().getPointer()};
    int count = LibvirtExtras.VIRT.virDomainListGetStats(domains, groups, records, NOWAIT);
    if (count < 0) {
      count =
          check(
              LibvirtExtras.VIRT.virDomainListGetStats(domains, groups, records, 0),
              "virDomainListGetStats");
    }
    visit(records.getValue(), count, visitor);
  }

  private static void visit(Pointer records, int count, Visitor visitor) {
    try {
      for (int i = 0; i < count; i++) {
        Pointer each = records.getPointer((long) i * com.sun.jna.Native.POINTER_SIZE);
        // struct virDomainStatsRecord: domain, parameters, their number
        visitor.visit(
            new DomainPointer(each.getPointer(0)), stats(each.getPointer(8), each.getInt(16)));
      }
    } finally {
      LibvirtExtras.VIRT.virDomainStatsRecordListFree(records);
    }
  }

  private static DomainStats stats(Pointer parameters, int count) {
    TypedValues values = TypedValues.of(parameters, count);
    return new DomainStats(
        States.of((int) values.number("state.state"), (int) values.number("state.reason")),
        disks(values),
        isHeard(values));
  }

  private static boolean isHeard(TypedValues values) {
    for (int i = 0; i < values.number("net.count"); i++) {
      if (values.number("net." + i + ".tx.pkts") == 0) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, Long> disks(TypedValues values) {
    Map<String, Long> bytes = new LinkedHashMap<>();
    List<String> prefixes = new ArrayList<>();
    for (int i = 0; i < values.number("block.count"); i++) {
      prefixes.add("block." + i + ".");
    }
    for (String prefix : prefixes) {
      if (values.values().get(prefix + "name") instanceof String target
          && values.values().containsKey(prefix + "capacity")) {
        bytes.put(target, values.number(prefix + "capacity"));
      }
    }
    return bytes;
  }
}
