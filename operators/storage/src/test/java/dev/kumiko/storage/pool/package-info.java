/** Tests of the kind in this package. */
@NullMarked
package dev.kumiko.storage.pool;

import org.jspecify.annotations.NullMarked;
