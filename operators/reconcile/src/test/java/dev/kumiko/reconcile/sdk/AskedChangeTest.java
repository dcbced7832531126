package dev.kumiko.reconcile.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.Parcel;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class AskedChangeTest {
  private static boolean accepts(Consumer<ObjectMeta> change) {
    Parcel before = Parcel.of("acme", "one", "books");
    before.getMetadata().setGeneration(1L);
    before.getMetadata().setResourceVersion("10");
    Parcel after = Parcel.of("acme", "one", "books");
    after.getMetadata().setGeneration(1L);
    after.getMetadata().setResourceVersion("11");
    after.setStatus(Parcel.Status.seen("new"));
    change.accept(after.getMetadata());
    return new AskedChange<Parcel>().accept(after, before);
  }

  @Test
  void aStatusIsNothingThatWasAsked() {
    assertThat(accepts(_ -> {})).isFalse();
  }

  @Test
  void specAnnotationsLabelsFinalizersAndDeletionAre() {
    assertThat(accepts(m -> m.setGeneration(2L))).isTrue();
    assertThat(accepts(m -> m.setAnnotations(Map.of("kumiko.dev/reconcile", "Plan")))).isTrue();
    assertThat(accepts(m -> m.setLabels(Map.of("zone", "a")))).isTrue();
    assertThat(accepts(m -> m.setFinalizers(List.of("x")))).isTrue();
    assertThat(accepts(m -> m.setDeletionTimestamp("2026-01-01T00:00:00Z"))).isTrue();
    assertThat(accepts(m -> m.setUid("another"))).isTrue();
  }
}
