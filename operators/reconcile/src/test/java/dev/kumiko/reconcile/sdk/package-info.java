@NullMarked
package dev.kumiko.reconcile.sdk;

import org.jspecify.annotations.NullMarked;
