/** What operators read when something is not Ready. */
@NullMarked
package dev.kumiko.docs;

import org.jspecify.annotations.NullMarked;
