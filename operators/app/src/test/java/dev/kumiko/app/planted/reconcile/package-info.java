@NullMarked
package dev.kumiko.app.planted.reconcile;

import org.jspecify.annotations.NullMarked;
