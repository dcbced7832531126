@NullMarked
package dev.kumiko.app.planted.storage.volume;

import org.jspecify.annotations.NullMarked;
