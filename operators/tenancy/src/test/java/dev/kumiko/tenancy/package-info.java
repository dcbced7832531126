@NullMarked
package dev.kumiko.tenancy;

import org.jspecify.annotations.NullMarked;
