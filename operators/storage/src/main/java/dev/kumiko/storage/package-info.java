/** Pools, images, volumes and who may open them. */
@NullMarked
package dev.kumiko.storage;

import org.jspecify.annotations.NullMarked;
