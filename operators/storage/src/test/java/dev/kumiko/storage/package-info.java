/** Resources and scenarios that the tests of several kinds share. */
@NullMarked
package dev.kumiko.storage;

import org.jspecify.annotations.NullMarked;
