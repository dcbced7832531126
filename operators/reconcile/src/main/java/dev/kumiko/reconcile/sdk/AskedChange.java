package dev.kumiko.reconcile.sdk;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Objects;

/** Lets pass what somebody asked for; a status, which we write ourselves, is none of it. */
final class AskedChange<R extends HasMetadata> implements OnUpdateFilter<R> {
  @Override
  public boolean accept(R after, R before) {
    ObjectMeta now = after.getMetadata();
    ObjectMeta then = before.getMetadata();
    return !Objects.equals(now.getUid(), then.getUid())
        || !Objects.equals(now.getGeneration(), then.getGeneration())
        || !Objects.equals(now.getDeletionTimestamp(), then.getDeletionTimestamp())
        || !Objects.equals(now.getAnnotations(), then.getAnnotations())
        || !Objects.equals(now.getLabels(), then.getLabels())
        || !Objects.equals(now.getFinalizers(), then.getFinalizers());
  }
}
