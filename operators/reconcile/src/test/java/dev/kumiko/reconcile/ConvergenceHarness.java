package dev.kumiko.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Reporting;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What must hold for every kind: it converges, and does so again after a crash at any action, an
 * action done twice, a failing endpoint, a deletion at any step. A kind inherits all of it by
 * giving its {@link Scenario}.
 */
public abstract class ConvergenceHarness<R extends CustomResource<?, ?> & Reporting> {
  private static final int PASSES = 60;

  /** A new world, each time the same. */
  protected abstract Scenario<R> scenario();

  @Test
  public void convergesAndThenWritesNothing() {
    Run<R> run = ready();
    long writes = run.scenario.cluster().writes();
    int actions = run.applied.size();
    run.passes(3);
    assertThat(run.scenario.cluster().writes()).as("API writes when settled").isEqualTo(writes);
    assertThat(run.applied).as("actions when settled").hasSize(actions);
    assertThat(!run.applied.isEmpty()).as("actions on the way").isEqualTo(run.scenario.acts());
  }

  @Test
  public void convergesAfterACrashBehindEachAction() {
    Object expected = settledWorld();
    for (int n = 1; n <= actionsUntilReady(); n++) {
      Run<R> run = new Run<>(scenario());
      run.create();
      run.crashAfter(n);
      run.untilReady();
      assertThat(run.scenario.world())
          .as("world after a crash behind action %d of %s", n, run.applied)
          .isEqualTo(expected);
    }
  }

  @Test
  public void convergesWhenEachActionIsDoneTwice() {
    Object expected = settledWorld();
    Run<R> run = new Run<>(scenario());
    run.twice = true;
    run.create();
    run.untilReady();
    assertThat(run.scenario.world()).isEqualTo(expected);
  }

  @Test
  public void saysWhichEndpointFailsAndConvergesWhenItHeals() {
    Object expected = settledWorld();
    for (String endpoint : scenario().endpoints()) {
      Run<R> run = new Run<>(scenario());
      run.scenario.fail(endpoint);
      run.create();
      run.passes(5);
      R stuck = run.latest().orElseThrow();
      assertThat(stuck.observed().isReady()).as("Ready although %s fails", endpoint).isFalse();
      assertThat(stuck.observed().waitingFor())
          .as("cause chain while %s fails", endpoint)
          .isNotEmpty();
      run.scenario.heal(endpoint);
      run.untilReady();
      assertThat(run.scenario.world()).as("world after %s healed", endpoint).isEqualTo(expected);
    }
  }

  @Test
  public void convergesWhenAnEndpointFailsBehindAnyAction() {
    Object expected = settledWorld();
    int actions = actionsUntilReady();
    for (String endpoint : scenario().endpoints()) {
      for (int n = 1; n < actions; n++) {
        Run<R> run = new Run<>(scenario());
        run.create();
        run.crashAfter(n);
        run.scenario.fail(endpoint);
        run.passes(3);
        run.scenario.heal(endpoint);
        run.untilReady();
        assertThat(run.scenario.world())
            .as("world after %s failed behind action %d and healed", endpoint, n)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  public void convergesWhenTheApiFailsBehindAnyWrite() {
    Object expected = settledWorld();
    Run<R> whole = new Run<>(scenario());
    whole.create();
    long begin = whole.scenario.cluster().writes();
    whole.untilReady();
    long writes = whole.scenario.cluster().writes() - begin;
    for (long n = 0; n < writes; n++) {
      Run<R> run = new Run<>(scenario());
      run.create();
      run.scenario.cluster().failBehindWrites(n);
      run.passes(5);
      run.scenario.cluster().heal();
      run.untilReady();
      assertThat(run.scenario.world())
          .as("world after the API failed behind write %d and healed", n)
          .isEqualTo(expected);
    }
  }

  @Test
  public void leavesNothingWhenTheApiFailsBehindAnyWriteOfItsDeletion() {
    Run<R> whole = ready();
    whole.delete();
    long begin = whole.scenario.cluster().writes();
    whole.untilGone();
    long writes = whole.scenario.cluster().writes() - begin;
    for (long n = 0; n < writes; n++) {
      Run<R> run = ready();
      run.delete();
      run.scenario.cluster().failBehindWrites(n);
      run.passes(5);
      run.scenario.cluster().heal();
      run.untilGone();
      assertThat(run.scenario.world())
          .as("world after the API failed behind write %d of the deletion", n)
          .isEqualTo(run.scenario.emptyWorld());
    }
  }

  @Test
  public void leavesNothingWhenAnEndpointFailsBehindAnyActionOfItsDeletion() {
    int deletions = actionsUntilGone();
    for (String endpoint : scenario().endpoints()) {
      for (int n = 0; n <= deletions; n++) {
        Run<R> run = ready();
        run.delete();
        run.crashAfter(n);
        run.scenario.fail(endpoint);
        run.passes(3);
        run.scenario.heal(endpoint);
        run.untilGone();
        assertThat(run.scenario.world())
            .as("world after %s failed behind action %d of the deletion and healed", endpoint, n)
            .isEqualTo(run.scenario.emptyWorld());
      }
    }
  }

  @Test
  public void leavesNothingWhenEachActionOfItsDeletionIsDoneTwice() {
    Run<R> run = ready();
    run.twice = true;
    run.delete();
    run.untilGone();
    assertThat(run.scenario.world()).isEqualTo(run.scenario.emptyWorld());
  }

  @Test
  public void leavesNothingWhenDeletedAtAnyStep() {
    int actions = actionsUntilReady();
    for (int n = 0; n <= actions; n++) {
      Run<R> run = new Run<>(scenario());
      run.create();
      run.crashAfter(n);
      run.delete();
      run.untilGone();
      assertThat(run.scenario.world())
          .as("world after deletion behind action %d of %s", n, run.applied)
          .isEqualTo(run.scenario.emptyWorld());
    }
  }

  @Test
  public void finishesItsDeletionAfterACrashBehindEachAction() {
    int deletions = actionsUntilGone();
    for (int n = 1; n <= deletions; n++) {
      Run<R> run = ready();
      run.delete();
      run.crashAfter(n);
      run.untilGone();
      assertThat(run.scenario.world()).isEqualTo(run.scenario.emptyWorld());
    }
  }

  @Test
  public void planModeShowsTheActionsAndChangesNothing() {
    Run<R> run = new Run<>(scenario());
    Object before = run.scenario.world();
    run.annotation = Optional.of("Plan");
    run.create();
    run.passes(3);
    assertThat(run.applied).isEmpty();
    assertThat(run.scenario.world()).isEqualTo(before);
    assertThat(!run.latest().orElseThrow().observed().plan().isEmpty())
        .as("actions in the plan")
        .isEqualTo(run.scenario.acts());
  }

  @Test
  public void enforceDoesExactlyWhatThePlanShowed() {
    Run<R> run = new Run<>(scenario());
    run.annotation = Optional.of("Plan");
    run.create();
    run.passes(3);
    List<String> shown = run.foreseen(run.latest().orElseThrow().observed().plan());
    run.enforce();
    run.untilReady();
    assertThat(run.foreseen(run.applied)).isEqualTo(shown);
  }

  private Run<R> ready() {
    Run<R> run = new Run<>(scenario());
    run.create();
    run.untilReady();
    return run;
  }

  private Object settledWorld() {
    return ready().scenario.world();
  }

  private int actionsUntilReady() {
    return ready().applied.size();
  }

  private int actionsUntilGone() {
    Run<R> run = ready();
    int before = run.applied.size();
    run.delete();
    run.untilGone();
    return run.applied.size() - before;
  }

  /** An Error, so that nothing on the way takes it for a failed action. */
  private static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** One life of one resource. */
  private static final class Run<R extends CustomResource<?, ?> & Reporting> {
    final Scenario<R> scenario;
    final List<String> applied = new ArrayList<>();
    boolean twice;
    Optional<String> annotation = Optional.empty();
    private int crashIn = -1;
    private Kind<R, ?, ?, ?> kind;

    Run(Scenario<R> scenario) {
      this.scenario = scenario;
      this.kind = scenario.kind();
    }

    void create() {
      R resource = scenario.resource();
      annotation.ifPresent(mode ->
          resource.getMetadata().setAnnotations(java.util.Map.of("kumiko.dev/reconcile", mode)));
      assertThat(scenario.cluster().create(resource)).isTrue();
    }

    void enforce() {
      R resource = latest().orElseThrow();
      resource.getMetadata().setAnnotations(java.util.Map.of("kumiko.dev/reconcile", "Enforce"));
      scenario.cluster().apply(resource);
    }

    List<String> foreseen(List<String> actions) {
      return actions.stream()
          .map(action -> action.replaceFirst("^then: ", ""))
          .filter(action -> !scenario.isUnforeseen(action))
          .toList();
    }

    void delete() {
      latest().ifPresent(scenario.cluster()::delete);
    }

    Optional<R> latest() {
      R resource = scenario.resource();
      ObjectKey key = ObjectKey.of(resource);
      return scenario.cluster().get(kind.type(), key.namespace(), key.name());
    }

    /**
     * Runs passes until the n-th action from now was done, then crashes and restarts; n = 0 does
     * nothing.
     */
    void crashAfter(int n) {
      if (n == 0) {
        return;
      }
      crashIn = n;
      for (int i = 0; i < PASSES && crashIn >= 0 && latest().isPresent(); i++) {
        try {
          pass();
        } catch (Crash crash) {
          kind = scenario.kind();
        }
      }
    }

    void untilReady() {
      for (int i = 0; i < PASSES; i++) {
        pass();
        if (latest().orElseThrow().observed().isReady()) {
          return;
        }
      }
      R resource = latest().orElseThrow();
      assertThat(resource.observed().condition(Condition.READY))
          .as("Ready after %d passes; applied %s; status %s", PASSES, applied, resource.observed())
          .hasValueSatisfying(c -> assertThat(c.isTrue()).isTrue());
    }

    void untilGone() {
      for (int i = 0; i < PASSES && latest().isPresent(); i++) {
        pass();
      }
      assertThat(latest()).as("gone after %d passes; applied %s", PASSES, applied).isEmpty();
    }

    void passes(int count) {
      for (int i = 0; i < count; i++) {
        pass();
      }
    }

    /** One pass of the operator over the newest version, then the neighbours. */
    void pass() {
      try {
        pass(latest());
        scenario.neighbours();
      } catch (Unavailable _) {
        // as the operator: tried again
      }
    }

    private void pass(Optional<R> found) {
      found.ifPresent(scenario.cluster()::addFinalizer);
      Optional<R> resource = latest();
      if (resource.isPresent()) {
        try {
          Loop.Outcome<R> outcome = loop(kind).reconcile(resource.get());
          if (outcome.released()) {
            scenario.cluster().removeFinalizer(outcome.resource());
          }
        } catch (Conflict _) {
          // the next pass reads the newer version
        }
      }
    }

    private <D, O, A extends Action> Loop<R, D, O, A> loop(Kind<R, D, O, A> typed) {
      return new Loop<>(typed, scenario.cluster(), java.time.InstantSource.system(), this::journal);
    }

    private void journal(HasMetadata resource, Action action, Runnable work) {
      work.run();
      if (twice) {
        work.run();
      }
      applied.add(action.describe());
      if (crashIn > 0 && --crashIn == 0) {
        crashIn = -1;
        throw new Crash();
      }
    }
  }
}
