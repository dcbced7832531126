/** Tests of the kind in this package. */
@NullMarked
package dev.kumiko.storage.fence;

import org.jspecify.annotations.NullMarked;
