@NullMarked
package dev.kumiko.compute.migration;

import org.jspecify.annotations.NullMarked;
