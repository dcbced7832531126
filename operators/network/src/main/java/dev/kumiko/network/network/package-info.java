/** Network: one VLAN segment in a tenant's VRF. */
@NullMarked
package dev.kumiko.network.network;

import org.jspecify.annotations.NullMarked;
