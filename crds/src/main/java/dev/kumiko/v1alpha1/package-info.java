/**
 * What users write: the kinds of {@code kumiko.dev/v1alpha1} with their rules beside the fields.
 */
@NullMarked
package dev.kumiko.v1alpha1;

import org.jspecify.annotations.NullMarked;
