/**
 * Whether a host that does not answer is dead: a pure decision from several signals. Its libvirtd
 * must have been silent for all of the time after which a host is judged, and no guest may have
 * answered within that time. Neither the fabric nor a power controller is asked: a host that hangs
 * keeps its tunnels, and a controller may lose its power with the host, so that neither could ever
 * acquit or convict.
 */
@NullMarked
package dev.kumiko.compute.verdict;

import org.jspecify.annotations.NullMarked;
