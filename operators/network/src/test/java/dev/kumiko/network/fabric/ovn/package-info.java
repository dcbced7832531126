@NullMarked
package dev.kumiko.network.fabric.ovn;

import org.jspecify.annotations.NullMarked;
