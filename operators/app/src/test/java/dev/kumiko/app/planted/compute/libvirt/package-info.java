@NullMarked
package dev.kumiko.app.planted.compute.libvirt;

import org.jspecify.annotations.NullMarked;
