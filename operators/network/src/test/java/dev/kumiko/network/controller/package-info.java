@NullMarked
package dev.kumiko.network.controller;

import org.jspecify.annotations.NullMarked;
