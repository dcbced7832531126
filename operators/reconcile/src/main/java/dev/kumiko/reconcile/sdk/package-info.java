/** The loop on a real Kubernetes API: the only package that knows the operator SDK. */
@NullMarked
package dev.kumiko.reconcile.sdk;

import org.jspecify.annotations.NullMarked;
