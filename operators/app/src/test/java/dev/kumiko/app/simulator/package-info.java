/** A site of hosts, storage and operators under a virtual clock, and what befalls it. */
@NullMarked
package dev.kumiko.app.simulator;

import org.jspecify.annotations.NullMarked;
