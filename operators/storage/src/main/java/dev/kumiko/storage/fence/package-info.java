/** Fences: whether the guests of a suspected host live, and that a host given up writes no more. */
@NullMarked
package dev.kumiko.storage.fence;

import org.jspecify.annotations.NullMarked;
