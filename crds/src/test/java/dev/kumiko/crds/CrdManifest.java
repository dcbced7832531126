package dev.kumiko.crds;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kumiko.v1alpha1.Claim;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The CustomResourceDefinition of one kind. */
record CrdManifest(Class<? extends CustomResource<?, ?>> kind, ObjectNode tree) {
  private static final YAMLMapper YAML =
      new YAMLMapper(
          YAMLFactory.builder()
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .build());
  private static final String NAME = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$";

  static CrdManifest of(Class<? extends CustomResource<?, ?>> kind, SourceComments comments) {
    var manifest = new CrdManifest(kind, generate(kind));
    manifest.refine(comments);
    return manifest;
  }

  String plural() {
    return tree.at("/spec/names/plural").asText();
  }

  String fileName() {
    return plural() + ".kumiko.dev.yaml";
  }

  ObjectNode schema() {
    return (ObjectNode) tree.at("/spec/versions/0/schema/openAPIV3Schema");
  }

  ArrayNode columns() {
    return (ArrayNode) tree.at("/spec/versions/0/additionalPrinterColumns");
  }

  String yaml() {
    try {
      return YAML.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The record of {@code spec} or {@code status}; {@code Void} when the kind has none. */
  Class<?> half(int typeArgument) {
    var superclass = (java.lang.reflect.ParameterizedType) kind.getGenericSuperclass();
    return (Class<?>) superclass.getActualTypeArguments()[typeArgument];
  }

  private void refine(SourceComments comments) {
    ObjectNode root = schema();
    comments.type(kind).ifPresent(comment -> root.put("description", comment));
    var properties = (ObjectNode) root.get("properties");
    new SchemaRefinement(comments, SchemaRefinement.Half.SPEC)
        .refineRecord((ObjectNode) properties.get("spec"), half(0), "spec");
    if (half(1) == Void.class) {
      properties.remove("status");
      ((ObjectNode) tree.at("/spec/versions/0")).remove("subresources");
    } else {
      new SchemaRefinement(comments, SchemaRefinement.Half.STATUS)
          .refineRecord((ObjectNode) properties.get("status"), half(1), "status");
    }
    root.putArray("required").add("spec");
    if (kind != Claim.class) {
      SchemaRefinement.rules(root)
          .insertObject(0)
          .put("message", "metadata.name " + Form.of(NAME).mend())
          .put("rule", "self.metadata.name.matches(r'" + NAME + "')");
    }
    orderColumns();
  }

  /** In the order of the annotations; the generator sorts them by path. */
  private void orderColumns() {
    List<JsonNode> sorted = new ArrayList<>();
    for (AdditionalPrinterColumn column :
        kind.getAnnotationsByType(AdditionalPrinterColumn.class)) {
      columns()
          .valueStream()
          .filter(c -> c.path("name").asText().equals(column.name()))
          .forEach(sorted::add);
    }
    columns().removeAll().addAll(sorted);
  }

  private static ObjectNode generate(Class<? extends CustomResource<?, ?>> kind) {
    var captured = new ArrayList<HasMetadata>();
    new CRDGenerator()
        .customResourceClasses(List.of(kind))
        .forCRDVersions("v1")
        .withPostProcessor(
            new CRDPostProcessor() {
              @Override
              public HasMetadata process(HasMetadata crd, String version) {
                captured.add(crd);
                return crd;
              }
            })
        .withOutput(new Discarded())
        .generate();
    return new ObjectMapper().valueToTree(captured.getFirst());
  }

  /** Where the generator's own YAML goes. */
  private static final class Discarded implements CRDGenerator.CRDOutput<OutputStream> {
    @Override
    public OutputStream outputFor(String name) {
      return new ByteArrayOutputStream();
    }

    @Override
    public void close() throws IOException {}
  }
}
