@NullMarked
package dev.kumiko.compute.vm;

import org.jspecify.annotations.NullMarked;
