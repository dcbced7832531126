@NullMarked
package dev.kumiko.compute.instancetype;

import org.jspecify.annotations.NullMarked;
