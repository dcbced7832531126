@NullMarked
package dev.kumiko.network.network;

import org.jspecify.annotations.NullMarked;
