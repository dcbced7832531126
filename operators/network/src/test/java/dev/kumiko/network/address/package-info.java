@NullMarked
package dev.kumiko.network.address;

import org.jspecify.annotations.NullMarked;
