@NullMarked
package dev.kumiko.app.planted.compute.domainxml;

import org.jspecify.annotations.NullMarked;
