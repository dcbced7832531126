@NullMarked
package dev.kumiko.compute.power;

import org.jspecify.annotations.NullMarked;
