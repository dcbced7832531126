/** Images: where they may come from, how they are checked, converted and imported. */
@NullMarked
package dev.kumiko.storage.image;

import org.jspecify.annotations.NullMarked;
