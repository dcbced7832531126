package dev.kumiko.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collection;
import java.util.function.Function;

/**
 * A change of a {@code T} asks for a pass over these resources of the watching kind.
 *
 * @param affects called with every changed object; MAY read the {@link Cluster}'s cache
 */
public record Watch<T extends HasMetadata>(
    Class<T> type, Function<T, Collection<ObjectKey>> affects) {}
