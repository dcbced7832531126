/** Migration: the running guest of a machine moves to another host. */
@NullMarked
package dev.kumiko.compute.migration;

import org.jspecify.annotations.NullMarked;
