@NullMarked
package dev.kumiko.app.planted.v1alpha1;

import org.jspecify.annotations.NullMarked;
