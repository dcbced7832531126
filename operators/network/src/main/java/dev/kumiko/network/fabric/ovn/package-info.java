/**
 * OVN as a fabric: an OVSDB client (RFC 7047), a replica of what we own, one writer, and the
 * rendering.
 */
@NullMarked
package dev.kumiko.network.fabric.ovn;

import org.jspecify.annotations.NullMarked;
