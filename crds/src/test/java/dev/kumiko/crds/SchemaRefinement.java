package dev.kumiko.crds;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kumiko.v1alpha1.Condition;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Turns the schema that the generator makes of a record into the one that we publish: exact number
 * formats, lists that merge by key, bounds that keep CEL cheap, rules that name the mend, and the
 * Javadoc as description.
 */
final class SchemaRefinement {
  /** How user-written strings, lists and maps are treated: they must be bounded. */
  enum Half {
    SPEC,
    STATUS
  }

  private final SourceComments comments;
  private final Half half;

  SchemaRefinement(SourceComments comments, Half half) {
    this.comments = comments;
    this.half = half;
  }

  void refineRecord(ObjectNode schema, Class<?> record, String path) {
    comments
        .type(record)
        .filter(comment -> !schema.has("description"))
        .ifPresent(comment -> schema.put("description", comment));
    var properties = (ObjectNode) schema.get("properties");
    Set<String> names =
        Arrays.stream(record.getRecordComponents())
            .map(SchemaRefinement::nameOf)
            .collect(Collectors.toSet());
    properties.retain(names);
    for (RecordComponent component : record.getRecordComponents()) {
      String name = nameOf(component);
      refine((ObjectNode) properties.get(name), component.getGenericType(), path + "." + name);
    }
    dropRepeatedRules(schema);
  }

  /** A word of the language cannot name a component. */
  static String nameOf(RecordComponent component) {
    return Optional.ofNullable(component.getAccessor().getAnnotation(JsonProperty.class))
        .map(JsonProperty::value)
        .orElseGet(component::getName);
  }

  private void refine(ObjectNode schema, Type type, String path) {
    switch (type) {
      case Class<?> c when c == String.class -> refineText(schema, path);
      case Class<?> c when c == Integer.class -> refineNumber(schema, "int32");
      case Class<?> c when c == Long.class -> refineNumber(schema, "int64");
      case Class<?> c when c == Boolean.class -> {}
      case Class<?> c when c.isEnum() -> refineEnum(schema, c);
      case Class<?> c when c.isRecord() -> refineRecord(schema, c, path);
      case ParameterizedType p when p.getRawType() == List.class ->
          refineList(schema, p.getActualTypeArguments()[0], path);
      case ParameterizedType p when p.getRawType() == Map.class -> refineMap(schema, path);
      default -> throw new IllegalStateException(path + ": no schema is known for " + type);
    }
  }

  private void refineText(ObjectNode schema, String path) {
    JsonNode pattern = schema.remove("pattern");
    if (pattern != null) {
      Form form = Form.of(pattern.asText());
      if (!schema.has("maxLength")) {
        schema.put("maxLength", form.maxLength());
      }
      rules(schema)
          .addObject()
          .put("message", path.replaceFirst(".*\\.", "").replace("[]", "") + " " + form.mend())
          .put("rule", form.rule(pattern.asText()));
    }
    demandBound(schema, "maxLength", path);
    dropRepeatedRules(schema);
  }

  private static void refineNumber(ObjectNode schema, String format) {
    schema.put("format", format);
    for (String bound : List.of("minimum", "maximum")) {
      if (schema.has(bound)) {
        schema.put(bound, schema.get(bound).longValue());
      }
    }
  }

  private void refineEnum(ObjectNode schema, Class<?> type) {
    ArrayNode values = schema.putArray("enum");
    var description = new StringBuilder(schema.path("description").asText());
    for (Object constant : type.getEnumConstants()) {
      var value = (Enum<?>) constant;
      values.add(value.name());
      comments
          .constant(value)
          .ifPresent(c -> description.append(' ').append(value.name()).append(": ").append(c));
    }
    schema.put("description", description.toString().strip());
  }

  private void refineList(ObjectNode schema, Type element, String path) {
    refine((ObjectNode) schema.get("items"), element, path + "[]");
    demandBound(schema, "maxItems", path);
    List<String> keys = mergeKeys(element);
    if (!keys.isEmpty()) {
      schema.put("x-kubernetes-list-type", "map");
      keys.forEach(schema.putArray("x-kubernetes-list-map-keys")::add);
    } else if (half == Half.SPEC && element == String.class) {
      schema.put("x-kubernetes-list-type", "set");
    } else {
      schema.put("x-kubernetes-list-type", "atomic");
    }
  }

  private void refineMap(ObjectNode schema, String path) {
    demandBound(schema, "maxProperties", path);
    if (half == Half.SPEC) {
      ((ObjectNode) schema.get("additionalProperties")).put("maxLength", 253);
    }
  }

  /**
   * Fields that tell elements of a list apart, so that server-side apply merges them one by one.
   */
  private static List<String> mergeKeys(Type element) {
    if (!(element instanceof Class<?> type) || !type.isRecord()) {
      return List.of();
    }
    if (type == Condition.class) {
      return List.of("type");
    }
    List<String> names =
        Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
    if (names.contains("since") || !names.contains("name")) {
      return List.of();
    }
    return names.contains("kind") ? List.of("kind", "name") : List.of("name");
  }

  /** The API server refuses CEL rules over text and lists without end. */
  private void demandBound(ObjectNode schema, String bound, String path) {
    if (half == Half.SPEC && !schema.has(bound)) {
      throw new IllegalStateException(
          path + " needs " + bound + ": annotate it with @Size(max = )");
    }
  }

  static ArrayNode rules(ObjectNode schema) {
    return schema.withArrayProperty("x-kubernetes-validations");
  }

  /** The generator repeats the rules of a record component. */
  private static void dropRepeatedRules(ObjectNode schema) {
    JsonNode rules = schema.remove("x-kubernetes-validations");
    if (rules != null) {
      var once = new LinkedHashSet<JsonNode>();
      rules.forEach(once::add);
      schema.putArray("x-kubernetes-validations").addAll(once);
    }
  }
}
