@NullMarked
package dev.kumiko.network.port;

import org.jspecify.annotations.NullMarked;
