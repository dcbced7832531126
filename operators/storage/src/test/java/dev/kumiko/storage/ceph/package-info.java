/** The contract of the port to Ceph, its twin in memory, and its run against a real cluster. */
@NullMarked
package dev.kumiko.storage.ceph;

import org.jspecify.annotations.NullMarked;
