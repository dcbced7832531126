package dev.kumiko.storage.image;

import dev.kumiko.reconcile.Ownership;
import dev.kumiko.v1alpha1.Image;

/**
 * One import: what, from where, to which RBD image.
 *
 * @param target the RBD image to make and fill
 * @param owner whose it is
 */
record ImportOrder(
    String url,
    Checksum checksum,
    Image.Format format,
    AllowedSources allowed,
    String target,
    Ownership owner) {}
