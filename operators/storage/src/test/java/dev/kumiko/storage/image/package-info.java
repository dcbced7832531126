/** Tests of image sources, formats and the Image kind. */
@NullMarked
package dev.kumiko.storage.image;

import org.jspecify.annotations.NullMarked;
