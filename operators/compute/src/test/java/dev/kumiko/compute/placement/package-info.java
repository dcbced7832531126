@NullMarked
package dev.kumiko.compute.placement;

import org.jspecify.annotations.NullMarked;
