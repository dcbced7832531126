package dev.kumiko.reconcile.sdk;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumiko.reconcile.Parcel;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The API server that KUBECONFIG names, with a namespace and a type that are the test's own. */
final class RealCluster implements AutoCloseable {
  final String namespace = "kumiko-test-" + UUID.randomUUID().toString().substring(0, 8);
  final KubernetesClient client;

  RealCluster() {
    assumeTrue(System.getenv("KUBECONFIG") != null, "KUBECONFIG is not set: see e2e/lab env");
    client = KubernetesConnection.open();
    CustomResourceDefinition parcels = parcels();
    client.resource(parcels).serverSideApply();
    client
        .resource(parcels)
        .waitUntilCondition(
            crd ->
                crd.getStatus() != null
                    && crd.getStatus().getConditions().stream()
                        .anyMatch(
                            c -> c.getType().equals("Established") && c.getStatus().equals("True")),
            30,
            TimeUnit.SECONDS);
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
  }

  private static CustomResourceDefinition parcels() {
    return new CustomResourceDefinitionBuilder()
        .withNewMetadata()
        .withName("parcels." + Parcel.GROUP)
        .endMetadata()
        .withNewSpec()
        .withGroup(Parcel.GROUP)
        .withScope("Namespaced")
        .withNewNames()
        .withKind("Parcel")
        .withPlural("parcels")
        .withSingular("parcel")
        .endNames()
        .addNewVersion()
        .withName("v1alpha1")
        .withServed(true)
        .withStorage(true)
        .withNewSchema()
        .withNewOpenAPIV3Schema()
        .withType("object")
        .withXKubernetesPreserveUnknownFields(true)
        .endOpenAPIV3Schema()
        .endSchema()
        .withNewSubresources()
        .withNewStatus()
        .endStatus()
        .endSubresources()
        .endVersion()
        .endSpec()
        .build();
  }

  /** As somebody else would. */
  void removeFinalizers(HasMetadata object) {
    client
        .resource(object)
        .edit(o -> {
          o.getMetadata().getFinalizers().clear();
          return o;
        });
  }

  @Override
  public void close() {
    client
        .resources(Parcel.class)
        .inNamespace(namespace)
        .list()
        .getItems()
        .forEach(this::removeFinalizers);
    client.namespaces().withName(namespace).delete();
    client.close();
  }
}
