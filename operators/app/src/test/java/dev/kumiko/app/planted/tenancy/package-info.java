@NullMarked
package dev.kumiko.app.planted.tenancy;

import org.jspecify.annotations.NullMarked;
