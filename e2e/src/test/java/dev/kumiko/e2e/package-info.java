/** The stories: what a user does, on the lab's real parts. */
@NullMarked
package dev.kumiko.e2e;

import org.jspecify.annotations.NullMarked;
