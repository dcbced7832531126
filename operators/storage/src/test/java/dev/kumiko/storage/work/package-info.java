/** Tests of work that takes longer than a pass. */
@NullMarked
package dev.kumiko.storage.work;

import org.jspecify.annotations.NullMarked;
