@NullMarked
package dev.kumiko.reconcile;

import org.jspecify.annotations.NullMarked;
