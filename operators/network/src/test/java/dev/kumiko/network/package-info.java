@NullMarked
package dev.kumiko.network;

import org.jspecify.annotations.NullMarked;
