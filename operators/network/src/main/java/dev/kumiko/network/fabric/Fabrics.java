package dev.kumiko.network.fabric;

import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Unavailable;
import java.util.Optional;

/** The fabrics this process is connected to, by the name of their Fabric resource. */
public interface Fabrics {

  /**
   * The tables of a fabric. Connects when nobody did yet, and then waits a few seconds for the
   * connection to stand.
   *
   * @throws Unavailable when there is no such fabric, or it does not answer
   * @throws Rejection when its resource cannot be connected to
   */
  FabricTables get(String name);

  /** How networks and ports are said in this driver's rows. */
  Rendering rendering();

  /** The settings of the present connection; empty when there is none. */
  Optional<FabricSettings> connected(String name);

  /** The settings that the resource asks for now. */
  FabricSettings wanted(String name);

  /**
   * Replaces the connection by one with these settings, when that one stands.
   *
   * @throws Unavailable when it does not; a former connection is kept
   * @throws Rejection when the settings cannot be connected to; a former connection is kept
   */
  void connect(FabricSettings settings);

  /** Ends the connection; one that is not there is success. */
  void disconnect(String name);

  /** Adds a listener for all fabrics, present and future. */
  void listen(FabricListener listener);
}
