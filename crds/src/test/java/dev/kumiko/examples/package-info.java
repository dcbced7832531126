/** The manifests that people copy from. */
@NullMarked
package dev.kumiko.examples;

import org.jspecify.annotations.NullMarked;
