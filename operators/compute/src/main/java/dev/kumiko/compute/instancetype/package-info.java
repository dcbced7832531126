/** InstanceType: a size that stays while machines name it. */
@NullMarked
package dev.kumiko.compute.instancetype;

import org.jspecify.annotations.NullMarked;
