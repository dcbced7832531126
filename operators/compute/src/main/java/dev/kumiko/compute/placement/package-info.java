/** Which host a guest goes to: a pure decision. */
@NullMarked
package dev.kumiko.compute.placement;

import org.jspecify.annotations.NullMarked;
