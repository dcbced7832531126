/** Attachments: which hosts may open a volume for writing. */
@NullMarked
package dev.kumiko.storage.attachment;

import org.jspecify.annotations.NullMarked;
