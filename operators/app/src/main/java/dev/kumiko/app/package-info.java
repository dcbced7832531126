/** The process: settings, wiring, health, metrics. */
@NullMarked
package dev.kumiko.app;

import org.jspecify.annotations.NullMarked;
