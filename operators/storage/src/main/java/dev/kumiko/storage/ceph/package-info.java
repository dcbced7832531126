/**
 * The port to a Ceph pool, in the words of this project, and its adapter to librados and librbd.
 */
@NullMarked
package dev.kumiko.storage.ceph;

import org.jspecify.annotations.NullMarked;
