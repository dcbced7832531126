/** Volumes: the disks of guests, and the seeds that configure them at first boot. */
@NullMarked
package dev.kumiko.storage.volume;

import org.jspecify.annotations.NullMarked;
