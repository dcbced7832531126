/** What must be unique is claimed by creating an object whose name is the claim. */
@NullMarked
package dev.kumiko.network.claim;

import org.jspecify.annotations.NullMarked;
