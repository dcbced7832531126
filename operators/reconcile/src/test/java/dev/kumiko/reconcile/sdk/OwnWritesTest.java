package dev.kumiko.reconcile.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.Parcel;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OwnWritesTest {
  private static final String KEY = "acme/one";
  private final OwnWrites<Parcel> writes = new OwnWrites<>();

  private static Parcel version(String uid, int version) {
    Parcel parcel = Parcel.of("acme", "one", uid + "@" + version);
    parcel.getMetadata().setUid(uid);
    parcel.getMetadata().setResourceVersion(Integer.toString(version));
    return parcel;
  }

  private Optional<String> seenOver(Parcel watched) {
    return writes.over(KEY, () -> watched).map(p -> p.getSpec().content());
  }

  @Test
  void aWriteIsSeenBeforeTheWatchBringsItAndNotAfterANewerOne() {
    writes.written(KEY, version("a", 9));
    assertThat(writes.over(KEY, () -> null)).isPresent();
    assertThat(seenOver(version("a", 8))).hasValue("a@9");
    assertThat(seenOver(version("a", 10))).hasValue("a@10");
  }

  @Test
  void theNewestOfTwoWritesWinsHoweverTheyArrive() {
    writes.written(KEY, version("a", 10));
    writes.written(KEY, version("a", 9));
    assertThat(seenOver(version("a", 8))).hasValue("a@10");
  }

  @Test
  void isForgottenOnceTheWatchCaughtUp() {
    writes.written(KEY, version("a", 9));
    writes.seen(KEY, version("a", 8));
    assertThat(writes.isEmpty()).isFalse();
    writes.seen(KEY, version("a", 9));
    assertThat(writes.isEmpty()).isTrue();
  }

  @Test
  void theEndOfAnObjectTakesItsWritesAlongButNotItsSuccessors() {
    writes.written(KEY, version("a", 9));
    writes.ended(KEY, version("a", 8));
    assertThat(writes.isEmpty()).isTrue();
    writes.written(KEY, version("b", 12));
    writes.ended(KEY, version("a", 9));
    assertThat(seenOver(version("a", 9))).hasValue("b@12");
  }

  @Test
  void aDeletedObjectIsHiddenAndItsSuccessorIsNot() {
    writes.gone(KEY, "a");
    assertThat(seenOver(version("a", 8))).isEmpty();
    assertThat(seenOver(version("b", 11))).hasValue("b@11");
  }

  @Test
  void listsAreOverlaidWithinTheirNamespace() {
    writes.written(KEY, version("a", 9));
    assertThat(listedIn("acme")).containsExactly("a@9");
    assertThat(listedIn("other")).isEmpty();
    writes.gone(KEY, "a");
    assertThat(listedIn("acme", version("a", 9))).isEmpty();
  }

  @Test
  void aWriteThatTheWatchCatchesUpWithInTheMiddleOfAReadIsNotMissed() {
    writes.written(KEY, version("a", 9));
    Optional<Parcel> one =
        writes.over(
            KEY,
            () -> {
              writes.seen(KEY, version("a", 9));
              return null;
            });
    assertThat(one).isPresent();
    writes.written(KEY, version("a", 9));
    List<Parcel> all =
        writes.over(
            _ -> true,
            () -> {
              writes.seen(KEY, version("a", 9));
              return List.of();
            });
    assertThat(all).hasSize(1);
  }

  private List<String> listedIn(String namespace, Parcel... watched) {
    return writes
        .over(o -> namespace.equals(o.getMetadata().getNamespace()), () -> List.of(watched))
        .stream()
        .map(o -> o.getSpec().content())
        .toList();
  }
}
