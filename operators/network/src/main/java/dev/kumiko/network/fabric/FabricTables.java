package dev.kumiko.network.fabric;

import dev.kumiko.reconcile.Ownership;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A fabric's configuration as tables of rows, of which each belongs to one custom resource.
 *
 * <p>Reading is from a live replica and costs no round trip. Rows without an owner of ours are
 * never part of any comparison and never written. Implementations are safe for use by many threads.
 */
public interface FabricTables extends AutoCloseable {

  /** Its name among the outside endpoints, for example {@code ovn/main}. */
  String endpoint();

  /** How networks and ports are said in this fabric's rows. */
  Rendering rendering();

  /**
   * The rows that the fabric holds for an owner.
   *
   * @throws Unavailable while the replica is not up to date with the controller
   */
  OwnedRows observe(Ownership owner);

  /** Every owner that has rows, whether or not its resource still exists. */
  Set<Ownership> owners();

  /**
   * Makes the rows of an owner equal to the desired ones and returns the generation that a chassis
   * must reach to have programmed them. Blocks until the controller has committed. What several
   * callers ask within a few milliseconds becomes one transaction with one generation; what the
   * controller refuses fails for its caller only. Asking for what already is commits nothing.
   *
   * @param desired all rows of the owner; empty to delete them
   * @throws Rejection when the controller refuses the rows; nothing was changed
   * @throws Unavailable when the controller did not answer in time (whether the rows were committed
   *     is then unknown), or when a row hangs on or refers to a row that is not there: then nothing
   *     was changed, and the listener is told when that row appears
   */
  long commit(Ownership owner, Set<Row> desired, Duration deadline);

  /** All registered chassis, by name; the last known ones while the controller is away. */
  List<Chassis> chassis();

  /** Where the port of this owner is plugged in, {@link Binding#NOWHERE} when it is not. */
  Binding binding(Ownership port);

  /**
   * Whether the guest behind the port of this owner accepted the last connections to that TCP port;
   * false as long as nobody asks it. The last known answer while the controller is away.
   */
  boolean answers(Ownership port, int tcpPort);

  /**
   * Which of the needed rows are not there (yet). The listener is told about the one who asks when
   * one of them appears.
   */
  Set<UUID> missing(Ownership asking, Set<UUID> needed);

  /** Rows of others in the same table with the same name. */
  List<ForeignRow> foreign(String table, String name);

  /** How many of the fabric's networks have no owner of ours. */
  int foreignSegments();

  /**
   * VLANs of a physical network that rows of others use, with whose they are, for people.
   *
   * @param ours UIDs of the resources that exist: a marker of any other is another cluster's, or of
   *     one that is gone
   */
  Map<Integer, String> foreignVlans(String physicalNetwork, Set<String> ours);

  /** Whether the controller can be reached. Never throws. */
  FabricHealth health();

  /** Adds a listener; it is never removed. */
  void listen(FabricListener listener);

  @Override
  void close();
}
