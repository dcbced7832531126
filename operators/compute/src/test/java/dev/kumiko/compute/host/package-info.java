@NullMarked
package dev.kumiko.compute.host;

import org.jspecify.annotations.NullMarked;
