package dev.kumiko.network.vrf;

import dev.kumiko.network.fabric.VrfShape;

/** The ask: a routing domain on a fabric. */
record DesiredVrf(String fabric, VrfShape shape) {}
