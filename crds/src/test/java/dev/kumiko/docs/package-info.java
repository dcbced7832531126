/** What people read. */
@NullMarked
package dev.kumiko.docs;

import org.jspecify.annotations.NullMarked;
