package dev.kumiko.network.fabric;

import java.util.Set;
import java.util.UUID;

/** How a fabric says networks in its rows. Pure: the same question always has the same answer. */
public interface Rendering {
  /** The rows of a routing domain. */
  Set<Row> vrf(VrfShape vrf);

  /** The rows of a segment with its gateway, its address service and the place for its probes. */
  Set<Row> segment(SegmentShape segment);

  /** The row that stands for the routing domain of a Vrf. */
  UUID routerOf(String vrfUid);

  /** The table whose rows stand for routing domains. */
  String routers();

  /** The table whose rows stand for segments. */
  String segments();

  /** The rows of a port on a segment. */
  Set<Row> port(PortShape port);
}
