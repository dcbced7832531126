@NullMarked
package dev.kumiko.compute;

import org.jspecify.annotations.NullMarked;
