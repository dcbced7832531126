@NullMarked
package dev.kumiko.app.planted.compute.vm;

import org.jspecify.annotations.NullMarked;
