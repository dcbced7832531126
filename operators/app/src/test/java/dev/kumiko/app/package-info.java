@NullMarked
package dev.kumiko.app;

import org.jspecify.annotations.NullMarked;
