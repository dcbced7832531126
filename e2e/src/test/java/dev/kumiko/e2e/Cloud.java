package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Claim;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Image;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.Reporting;
import dev.kumiko.v1alpha1.Tenant;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import dev.kumiko.v1alpha1.Vrf;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** The cloud as its users see it: kubectl to write, the API to read. */
final class Cloud implements AutoCloseable {
  private static final List<Class<? extends CustomResource<?, ?>>> OF_TENANTS =
      List.of(
          Tenant.class,
          Vrf.class,
          Claim.class,
          Network.class,
          Port.class,
          Image.class,
          Volume.class,
          Attachment.class,
          VirtualMachine.class);
  private final Shell shell = Lab.shell();
  private final KubernetesClient client =
      new KubernetesClientBuilder()
          .withConfig(
              Config.fromKubeconfig(new File(Lab.environment().getOrDefault("KUBECONFIG", ""))))
          .build();

  KubernetesClient client() {
    return client;
  }

  /** {@code kubectl apply} of a folder or file of the examples, with the lab's values filled in. */
  void apply(Path manifests) {
    Shell.Answer answer = tryApply(manifests);
    assertThat(answer.exit()).as("kubectl apply: %s", answer.output()).isZero();
  }

  Shell.Answer tryApply(Path manifests) {
    return tryKubectl(Lab.run("render", manifests.toString()), "apply", "--server-side", "-f", "-");
  }

  /** {@code kubectl delete}, which returns when all is gone. */
  void delete(Path manifests, Duration patience) {
    Shell.Answer answer =
        shell.ask(
            patience,
            Lab.run("render", manifests.toString()),
            "kubectl",
            "delete",
            "--ignore-not-found",
            "--timeout=" + patience.toSeconds() + "s",
            "-f",
            "-");
    assertThat(answer.exit())
        .as(() -> "kubectl delete: %s%nleft: %s".formatted(answer.output(), leaving()))
        .isZero();
  }

  /** kubectl with this standard input; must succeed. */
  String kubectl(String input, String... arguments) {
    Shell.Answer answer = tryKubectl(input, arguments);
    assertThat(answer.exit())
        .as("kubectl %s: %s", String.join(" ", arguments), answer.output())
        .isZero();
    return answer.output();
  }

  /**
   * {@code kubectl patch} with a merge patch.
   *
   * @param namespace empty for what is in none
   */
  void patch(String namespace, String kind, String name, String json) {
    kubectl("", "--namespace=" + namespace, "patch", kind, name, "--type=merge", "-p", json);
  }

  void mode(String host, Host.Mode mode) {
    patch("", "host", host, "{\"spec\":{\"mode\":\"" + mode + "\"}}");
  }

  /** Where a machine is placed, which it must be. */
  static VirtualMachine.Placed placement(VirtualMachine machine) {
    return Objects.requireNonNull(machine.observed().placement());
  }

  Shell.Answer tryKubectl(String input, String... arguments) {
    String[] line = new String[arguments.length + 1];
    line[0] = "kubectl";
    System.arraycopy(arguments, 0, line, 1, arguments.length);
    return shell.ask(Duration.ofMinutes(1), input, line);
  }

  Shell shell() {
    return shell;
  }

  <R extends CustomResource<?, ?>> List<R> list(Class<R> type) {
    return client.resources(type).inAnyNamespace().list().getItems();
  }

  /** Every object that is there for a tenant, made by anybody or by the operators, as kind/name. */
  List<String> ofTenants() {
    return OF_TENANTS.stream()
        .flatMap(kind -> list(kind).stream())
        .map(o -> o.getKind() + "/" + o.getMetadata().getName())
        .toList();
  }

  /** What is to go but is not gone, with what it says of that. */
  private List<String> leaving() {
    return OF_TENANTS.stream()
        .flatMap(kind -> list(kind).stream())
        .filter(o -> o.getMetadata().getDeletionTimestamp() != null)
        .map(
            o -> o instanceof Reporting reporting ? explain(o, reporting) : o.getFullResourceName())
        .toList();
  }

  <R extends HasMetadata> Optional<R> get(Class<R> type, String namespace, String name) {
    return Optional.ofNullable(
        namespace.isEmpty()
            ? client.resources(type).withName(name).get()
            : client.resources(type).inNamespace(namespace).withName(name).get());
  }

  /** Waits until so many objects of the kind, and no story's own, are Ready as they are now. */
  <R extends CustomResource<?, ?> & Reporting> List<R> untilAllReady(
      Class<R> type, int count, Duration patience) {
    await(
        patience,
        () ->
            "of %d, not Ready: ".formatted(count)
                + lasting(type).stream().filter(r -> !isReady(r)).map(Cloud::explain).toList(),
        () -> lasting(type).size() == count && lasting(type).stream().allMatch(Cloud::isReady));
    return lasting(type);
  }

  private <R extends CustomResource<?, ?>> List<R> lasting(Class<R> type) {
    return list(type).stream()
        .filter(r -> !r.getMetadata().getLabels().containsKey("story"))
        .toList();
  }

  /** Waits until the object is as described. */
  <R extends CustomResource<?, ?> & Reporting> R until(
      Class<R> type, String namespace, String name, Duration patience, Predicate<R> asDescribed) {
    await(
        patience,
        () -> get(type, namespace, name).map(Cloud::explain).orElse("does not exist"),
        () -> get(type, namespace, name).filter(asDescribed).isPresent());
    return get(type, namespace, name).orElseThrow();
  }

  /** The machine at the very moment in which it says Ready. */
  VirtualMachine watchUntilReady(String namespace, String name, Duration patience) {
    return client
        .resources(VirtualMachine.class)
        .inNamespace(namespace)
        .withName(name)
        .waitUntilCondition(
            machine -> machine != null && isReady(machine),
            patience.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  static void await(
      Duration patience,
      java.util.function.Supplier<String> otherwise,
      java.util.concurrent.Callable<Boolean> fulfilled) {
    try {
      Awaitility.await()
          .pollInterval(Duration.ofMillis(250))
          .atMost(patience)
          .ignoreExceptions()
          .until(fulfilled);
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new AssertionError("after " + patience + ": " + otherwise.get(), e);
    }
  }

  static <R extends CustomResource<?, ?> & Reporting> boolean isReady(R resource) {
    return resource.observed().isReady()
        && resource.getMetadata().getGeneration().equals(resource.observed().observedGeneration());
  }

  /** It runs before the first byte is sent. */
  static boolean isHalfWay(Migration migration) {
    Long sent = migration.observed().bytesProcessed();
    return migration.observed().phase() == Migration.Phase.Running && sent != null && sent > 0;
  }

  static <R extends CustomResource<?, ?> & Reporting> String explain(R resource) {
    return explain(resource, resource);
  }

  private static String explain(HasMetadata resource, Reporting reporting) {
    String ready =
        reporting
            .observed()
            .condition(Condition.READY)
            .map(c -> c.reason() + ": " + c.message())
            .orElse("no status");
    return resource.getKind()
        + " "
        + resource.getMetadata().getNamespace()
        + "/"
        + resource.getMetadata().getName()
        + ": "
        + ready;
  }

  @Override
  public void close() {
    client.close();
  }
}
