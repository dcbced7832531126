/** Port: one guest interface on a Network. */
@NullMarked
package dev.kumiko.network.port;

import org.jspecify.annotations.NullMarked;
