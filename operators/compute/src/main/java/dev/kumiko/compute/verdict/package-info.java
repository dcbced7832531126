/** Whether a host that does not answer is dead: a pure decision from several signals. */
@NullMarked
package dev.kumiko.compute.verdict;

import org.jspecify.annotations.NullMarked;
