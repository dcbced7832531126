/** Host: a libvirt host that is kept connected, and what it has. */
@NullMarked
package dev.kumiko.compute.host;

import org.jspecify.annotations.NullMarked;
