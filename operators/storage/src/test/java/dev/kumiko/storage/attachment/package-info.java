/** Tests of the kind in this package. */
@NullMarked
package dev.kumiko.storage.attachment;

import org.jspecify.annotations.NullMarked;
