/** What the Helm chart renders. */
@NullMarked
package dev.kumiko.chart;

import org.jspecify.annotations.NullMarked;
