/** Storage pools: whether they can be used, and how full they are. */
@NullMarked
package dev.kumiko.storage.pool;

import org.jspecify.annotations.NullMarked;
