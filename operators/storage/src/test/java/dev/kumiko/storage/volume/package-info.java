/** Tests of seeds and of the Volume kind. */
@NullMarked
package dev.kumiko.storage.volume;

import org.jspecify.annotations.NullMarked;
