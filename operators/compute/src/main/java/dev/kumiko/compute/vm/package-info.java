/** VirtualMachine: one guest, placed, started by proof, and kept as its spec says. */
@NullMarked
package dev.kumiko.compute.vm;

import org.jspecify.annotations.NullMarked;
