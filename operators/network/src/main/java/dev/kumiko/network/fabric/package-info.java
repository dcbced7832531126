/**
 * The port to a network fabric: owned rows of data, committed in batches, and the hosts that have
 * programmed them.
 */
@NullMarked
package dev.kumiko.network.fabric;

import org.jspecify.annotations.NullMarked;
