@NullMarked
package dev.kumiko.network.fabric;

import org.jspecify.annotations.NullMarked;
