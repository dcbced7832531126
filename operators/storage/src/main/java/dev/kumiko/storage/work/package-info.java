/** Work that takes longer than a pass: started by an action, seen by later observations. */
@NullMarked
package dev.kumiko.storage.work;

import org.jspecify.annotations.NullMarked;
