@NullMarked
package dev.kumiko.compute.libvirt;

import org.jspecify.annotations.NullMarked;
