/** The port to one libvirt host, and its adapter. */
@NullMarked
package dev.kumiko.compute.libvirt;

import org.jspecify.annotations.NullMarked;
