/** Power controllers of hosts: a further way to make sure that a host does no more harm. */
@NullMarked
package dev.kumiko.compute.power;

import org.jspecify.annotations.NullMarked;
