/** Sizes as users write and read them. */
@NullMarked
package dev.kumiko.storage.size;

import org.jspecify.annotations.NullMarked;
