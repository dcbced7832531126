@NullMarked
package dev.kumiko.compute.domainxml;

import org.jspecify.annotations.NullMarked;
