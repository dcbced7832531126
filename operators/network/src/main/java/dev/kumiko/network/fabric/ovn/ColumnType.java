package dev.kumiko.network.fabric.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kumiko.network.fabric.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The type of one column (RFC 7047, section 3.2), which turns JSON into values and back.
 *
 * @param key type of the elements, or of a map's keys
 * @param isMap whether elements have values
 * @param isMany whether there may be more than one element, so that changes arrive as differences
 * @param isRequired whether there must be an element, so that "nothing" is the key type's default
 * @param table the table that a uuid points to, when the schema says so
 */
record ColumnType(
    String key, boolean isMap, boolean isMany, boolean isRequired, Optional<String> table) {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  static ColumnType of(JsonNode type) {
    JsonNode key = type.path("key");
    String keyType =
        type.isTextual()
            ? type.asText()
            : key.isTextual() ? key.asText() : key.path("type").asText();
    JsonNode max = type.path("max");
    return new ColumnType(
        keyType,
        type.has("value"),
        max.isTextual() || max.asInt(1) > 1,
        type.path("min").asInt(1) > 0,
        Optional.ofNullable(key.get("refTable")).map(JsonNode::asText));
  }

  /** Reads a value as the server writes it. */
  Value decode(JsonNode json) {
    boolean tagged = json.isArray() && json.size() == 2 && json.get(1).isArray();
    if (isMap) {
      NavigableMap<String, String> pairs = new TreeMap<>();
      json.path(1).forEach(pair -> pairs.put(atom(pair.path(0)), atom(pair.path(1))));
      return new Value.Pairs(pairs);
    }
    NavigableSet<String> texts = new TreeSet<>();
    if (tagged && json.get(0).asText().equals("set")) {
      json.get(1).forEach(element -> texts.add(atom(element)));
    } else {
      texts.add(atom(json));
    }
    if (table.isPresent() && !isMany && texts.size() == 1) {
      return new Value.Reference(table.get(), UUID.fromString(texts.first()));
    }
    return new Value.Texts(texts);
  }

  private static String atom(JsonNode json) {
    return json.isArray() ? json.path(1).asText() : json.asText();
  }

  /** Writes a value as the server reads it. */
  JsonNode encode(Value value) {
    return switch (value) {
      case Value.Reference reference -> uuid(reference.row());
      case Value.Pairs pairs -> map(pairs.pairs());
      case Value.Texts texts -> {
        if (isMap && texts.isEmpty()) {
          yield map(new TreeMap<>());
        }
        ArrayNode elements = NODES.arrayNode();
        texts.texts().forEach(text -> elements.add(atom(text)));
        if (texts.isEmpty() && isRequired) {
          yield key.equals("string") ? NODES.textNode("") : atom("0");
        }
        yield NODES.arrayNode().add("set").add(elements);
      }
    };
  }

  private JsonNode atom(String text) {
    return switch (key) {
      case "integer" -> NODES.numberNode(Long.parseLong(text));
      case "real" -> NODES.numberNode(Double.parseDouble(text));
      case "boolean" -> NODES.booleanNode(Boolean.parseBoolean(text));
      case "uuid" -> uuid(UUID.fromString(text));
      default -> NODES.textNode(text);
    };
  }

  static JsonNode uuid(UUID uuid) {
    return NODES.arrayNode().add("uuid").add(uuid.toString());
  }

  static JsonNode map(NavigableMap<String, String> pairs) {
    ArrayNode elements = NODES.arrayNode();
    pairs.forEach((k, v) -> elements.add(NODES.arrayNode().add(k).add(v)));
    return NODES.arrayNode().add("map").add(elements);
  }

  /** The value after a change as {@code update2} sends it (ovsdb-server(7), section 4.1.14). */
  Value changed(Value before, JsonNode change) {
    Value difference = decode(change);
    if (!isMany) {
      return difference;
    }
    return switch (difference) {
      case Value.Texts texts -> new Value.Texts(toggled(texts.texts(), before));
      case Value.Pairs pairs -> new Value.Pairs(toggled(pairs.pairs(), before));
      case Value.Reference reference -> reference;
    };
  }

  /** Elements in one but not in both. */
  private static NavigableSet<String> toggled(NavigableSet<String> difference, Value before) {
    NavigableSet<String> result =
        before instanceof Value.Texts texts ? new TreeSet<>(texts.texts()) : new TreeSet<>();
    List<String> added = new ArrayList<>(difference);
    added.removeIf(result::remove);
    result.addAll(added);
    return result;
  }

  /** A pair that was there goes, any other pair is put. */
  private static NavigableMap<String, String> toggled(
      NavigableMap<String, String> difference, Value before) {
    NavigableMap<String, String> result =
        before instanceof Value.Pairs pairs ? new TreeMap<>(pairs.pairs()) : new TreeMap<>();
    difference.forEach((k, v) -> {
      if (!result.remove(k, v)) {
        result.put(k, v);
      }
    });
    return result;
  }
}
