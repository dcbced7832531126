@NullMarked
package dev.kumiko.app.planted.network;

import org.jspecify.annotations.NullMarked;
