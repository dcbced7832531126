/** Vrf: a tenant's routing domain on its fabric. */
@NullMarked
package dev.kumiko.network.vrf;

import org.jspecify.annotations.NullMarked;
