/** Fabric: the connection to a fabric's controller. */
@NullMarked
package dev.kumiko.network.controller;

import org.jspecify.annotations.NullMarked;
