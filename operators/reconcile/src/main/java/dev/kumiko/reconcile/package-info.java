/** The loop that every kind runs through: desire, observe, plan, apply, report. */
@NullMarked
package dev.kumiko.reconcile;

import org.jspecify.annotations.NullMarked;
