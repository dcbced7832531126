package dev.kumiko.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The chart's objects, as {@code helm template} prints them. */
record Rendered(List<JsonNode> objects) {
  static final Path CHART = Path.of("../charts/kumiko").toAbsolutePath().normalize();

  /** With these values, in YAML. */
  static Rendered with(String values) {
    return in("kumiko-system", values);
  }

  static Rendered in(String namespace, String values) {
    try {
      Path file = Files.createTempFile("values", ".yaml");
      try {
        Files.writeString(file, values);
        return parse(
            new Helm(CHART)
                .template()
                .withName("kumiko")
                .withNamespace(namespace)
                .withKubeVersion("v1.36.3")
                .withValuesFile(file)
                .call());
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Rendered parse(String yaml) throws IOException {
    try (MappingIterator<JsonNode> documents =
        new YAMLMapper().readerFor(JsonNode.class).readValues(yaml)) {
      return new Rendered(documents.readAll().stream().filter(JsonNode::isObject).toList());
    }
  }

  List<JsonNode> kind(String kind) {
    return objects.stream().filter(o -> o.path("kind").asText().equals(kind)).toList();
  }

  JsonNode one(String kind, String name) {
    return kind(kind).stream()
        .filter(o -> name(o).equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
  }

  static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  /**
   * All that a ServiceAccount may do, through cluster-wide and namespaced bindings, as {@code verb
   * resource} or {@code verb resource/name}.
   */
  Set<String> allowed(String serviceAccount) {
    var allowed = new TreeSet<String>();
    var bindings = new ArrayList<>(kind("ClusterRoleBinding"));
    bindings.addAll(kind("RoleBinding"));
    for (JsonNode binding : bindings) {
      if (binding.path("subjects").findValuesAsText("name").contains(serviceAccount)) {
        JsonNode ref = binding.path("roleRef");
        collect(one(ref.path("kind").asText(), ref.path("name").asText()), allowed);
      }
    }
    return allowed;
  }

  private static void collect(JsonNode role, Set<String> allowed) {
    for (JsonNode rule : role.path("rules")) {
      for (JsonNode verb : rule.path("verbs")) {
        for (JsonNode resource : rule.path("resources")) {
          String plain = verb.asText() + " " + resource.asText();
          if (rule.path("resourceNames").isEmpty()) {
            allowed.add(plain);
          }
          rule.path("resourceNames").forEach(n -> allowed.add(plain + "/" + n.asText()));
        }
      }
    }
  }
}
