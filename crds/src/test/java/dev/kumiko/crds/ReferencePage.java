package dev.kumiko.crds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The page of one kind in {@code docs/reference}: all that {@code kubectl explain} knows. */
final class ReferencePage {
  private final CrdManifest manifest;
  private final StringBuilder page = new StringBuilder();

  private ReferencePage(CrdManifest manifest) {
    this.manifest = manifest;
  }

  static String fileName(CrdManifest manifest) {
    return manifest.kind().getSimpleName().toLowerCase(Locale.ROOT) + ".md";
  }

  static String of(CrdManifest manifest) {
    return new ReferencePage(manifest).write();
  }

  private String write() {
    JsonNode spec = manifest.tree().path("spec");
    String kind = manifest.kind().getSimpleName();
    line("# " + kind);
    line("");
    line(manifest.schema().path("description").asText());
    line("");
    line("| | |");
    line("|---|---|");
    line("| API | `kumiko.dev/v1alpha1` |");
    line("| Scope | " + spec.path("scope").asText() + " |");
    line("| `kubectl get` | `%s`, `%s` |".formatted(manifest.plural(), shortNames(spec)));
    line("| Columns | " + columns() + " |");
    line("| Example | [`examples/%s`](../../examples/%s) |".formatted(example(), example()));
    rules("Rules of the object", manifest.schema());
    half("spec", manifest.half(0));
    if (manifest.schema().path("properties").has("status")) {
      half("status", manifest.half(1));
    }
    return page.toString();
  }

  private void half(String name, Class<?> record) {
    var schema = (ObjectNode) manifest.schema().path("properties").path(name);
    line("");
    line("## " + name);
    line("");
    line("| field | type | meaning |");
    line("|---|---|---|");
    var ruled = new ArrayList<String>();
    fields(schema, record, "", ruled);
    collectRules(schema, "", ruled);
    if (!ruled.isEmpty()) {
      line("");
      line("Rules of " + name + ":");
      line("");
      ruled.forEach(this::line);
    }
  }

  private void fields(ObjectNode schema, Class<?> record, String prefix, List<String> ruled) {
    var required = new ArrayList<String>();
    schema.path("required").forEach(r -> required.add(r.asText()));
    for (RecordComponent component : record.getRecordComponents()) {
      String path = prefix + SchemaRefinement.nameOf(component);
      var property =
          (ObjectNode) schema.path("properties").path(SchemaRefinement.nameOf(component));
      boolean list = property.path("type").asText().equals("array");
      String shown = list ? path + "[]" : path;
      var element = (ObjectNode) (list ? property.get("items") : property);
      line(
          "| `%s` | %s | %s |"
              .formatted(
                  shown,
                  type(property) + (required.contains(component.getName()) ? ", required" : ""),
                  meaning(property)));
      collectRules(element, shown, ruled);
      recordOf(component.getGenericType())
          .forEach(nested -> fields(element, nested, shown + ".", ruled));
    }
  }

  private static List<Class<?>> recordOf(Type type) {
    Type element =
        type instanceof ParameterizedType p && p.getRawType() == List.class
            ? p.getActualTypeArguments()[0]
            : type;
    return element instanceof Class<?> c && c.isRecord() ? List.of(c) : List.of();
  }

  private static String type(JsonNode property) {
    if (property.path("type").asText().equals("array")) {
      return "list of " + type(property.path("items"));
    }
    if (property.has("enum")) {
      var values = new ArrayList<String>();
      property.get("enum").forEach(v -> values.add("`" + v.asText() + "`"));
      return String.join(", ", values);
    }
    if (property.has("additionalProperties")) {
      return "map of string";
    }
    return property.path("type").asText();
  }

  private static String meaning(JsonNode property) {
    var text = new StringBuilder(property.path("description").asText());
    if (property.has("minimum") || property.has("maximum")) {
      text.append(" From ").append(property.path("minimum").asText("any"));
      text.append(" to ").append(property.path("maximum").asText("any")).append('.');
    }
    if (property.has("maxItems")) {
      text.append(" At most ").append(property.path("maxItems").asText()).append('.');
    }
    return text.toString().replace("|", "\\|");
  }

  private static void collectRules(JsonNode schema, String path, List<String> ruled) {
    for (JsonNode rule : schema.path("x-kubernetes-validations")) {
      String prefix = path.isEmpty() ? "" : "`" + path + "`: ";
      ruled.add("- " + prefix + rule.path("message").asText());
    }
  }

  private void rules(String title, JsonNode schema) {
    var ruled = new ArrayList<String>();
    collectRules(schema, "", ruled);
    if (!ruled.isEmpty()) {
      line("");
      line(title + ":");
      line("");
      ruled.forEach(this::line);
    }
  }

  private String columns() {
    var names = new ArrayList<String>();
    manifest.columns().forEach(c -> names.add(c.path("name").asText()));
    return String.join(", ", names);
  }

  private static String shortNames(JsonNode spec) {
    var names = new ArrayList<String>();
    spec.path("names").path("shortNames").forEach(n -> names.add(n.asText()));
    return String.join("`, `", names);
  }

  private String example() {
    return manifest.kind().getSimpleName().toLowerCase(Locale.ROOT) + ".yaml";
  }

  private void line(String text) {
    page.append(text).append('\n');
  }
}
