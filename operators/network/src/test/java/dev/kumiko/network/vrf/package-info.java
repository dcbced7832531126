@NullMarked
package dev.kumiko.network.vrf;

import org.jspecify.annotations.NullMarked;
