package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is told of guests that are seen on several hosts, of which one is asked after the other. */
final class LookoutTest {
  private static final Set<Lookout.Running> NOTHING = Set.of();
  private final Lookout.Sight sight = new Lookout.Sight();

  @Test
  void aGuestThatRunsOnAnotherHostBetweenTwoLooksAtItsOwnRunsTwice() {
    sight.on("h1", running(7, "mover"));
    sight.on("h2", running(3, "mover"));
    assertThat(sight.on("h1", running(7, "mover"))).containsExactly("mover on h1 and h2");
  }

  @Test
  void aGuestThatWentThereSinceTheFirstLookDoesNot() {
    sight.on("h1", running(7, "mover"));
    assertThat(sight.on("h2", running(3, "mover"))).isEmpty();
    assertThat(sight.on("h1", NOTHING)).isEmpty();
    assertThat(sight.on("h2", running(3, "mover"))).isEmpty();
  }

  @Test
  void aGuestThatCameBackBetweenTheLooksDoesNot() {
    sight.on("h1", running(7, "mover"));
    sight.on("h2", running(3, "mover"));
    assertThat(sight.on("h1", running(8, "mover"))).isEmpty();
  }

  @Test
  void otherGuestsDoNot() {
    sight.on("h1", running(7, "mover"));
    sight.on("h2", running(7, "stayer"));
    assertThat(sight.on("h1", running(7, "mover"))).isEmpty();
  }

  private static Set<Lookout.Running> running(int id, String name) {
    return Set.of(new Lookout.Running(Integer.toString(id), name));
  }
}
