/**
 * The libvirt document of a guest, composed of small pure parts and read back into the same
 * records.
 */
@NullMarked
package dev.kumiko.compute.domainxml;

import org.jspecify.annotations.NullMarked;
