package dev.kumiko.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The committed CRDs as strict JSON schemas: unknown fields are errors, and of the CEL rules those
 * that match a text are checked too. The rest of CEL is the API server's.
 */
final class ManifestSchemas {
  private static final Pattern MATCHES = Pattern.compile("^self\\.matches\\(r'(.*?)'\\)");
  private final Map<String, JsonSchema> byKind = new HashMap<>();

  static ManifestSchemas of(Path crds) throws IOException {
    var schemas = new ManifestSchemas();
    var factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7);
    var yaml = new YAMLMapper();
    try (Stream<Path> files = Files.list(crds)) {
      for (Path file : files.toList()) {
        JsonNode crd = yaml.readTree(file.toFile());
        var schema = (ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema");
        var properties = (ObjectNode) schema.get("properties");
        for (String field : List.of("apiVersion", "kind", "metadata")) {
          properties.putObject(field);
        }
        makeStrict(schema);
        schemas.byKind.put(crd.at("/spec/names/kind").asText(), factory.getSchema(schema));
      }
    }
    return schemas;
  }

  List<String> kinds() {
    return byKind.keySet().stream().sorted().toList();
  }

  /** What is wrong with the manifest; empty: nothing. */
  List<String> complaints(JsonNode manifest) {
    JsonSchema schema = byKind.get(manifest.path("kind").asText());
    if (schema == null) {
      return List.of("no kind " + manifest.path("kind"));
    }
    return schema.validate(manifest).stream().map(ValidationMessage::getMessage).sorted().toList();
  }

  private static void makeStrict(ObjectNode schema) {
    if (schema.path("properties").isObject()) {
      schema.put("additionalProperties", false);
      schema.get("properties").forEach(p -> makeStrict((ObjectNode) p));
    }
    if (schema.path("items").isObject()) {
      makeStrict((ObjectNode) schema.get("items"));
    }
    for (JsonNode rule : schema.path("x-kubernetes-validations")) {
      Matcher matcher = MATCHES.matcher(rule.path("rule").asText());
      if (matcher.find()) {
        schema.put("pattern", matcher.group(1));
      }
    }
  }
}
