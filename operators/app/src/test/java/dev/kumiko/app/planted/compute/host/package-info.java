@NullMarked
package dev.kumiko.app.planted.compute.host;

import org.jspecify.annotations.NullMarked;
