@NullMarked
package dev.kumiko.compute.verdict;

import org.jspecify.annotations.NullMarked;
