package dev.kumiko.compute.domainxml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** One XML element as a value: a name, attributes in order, and either children or a text. */
record Element(
    String name, SequencedMap<String, String> attributes, List<Element> children, String text) {

  static Element of(String name, Element... children) {
    return new Element(name, new LinkedHashMap<>(), List.of(children), "");
  }

  static Element text(String name, String text) {
    return new Element(name, new LinkedHashMap<>(), List.of(), text);
  }

  Element with(String attribute, Object value) {
    SequencedMap<String, String> more = new LinkedHashMap<>(attributes);
    more.put(attribute, value.toString());
    return new Element(name, more, children, text);
  }

  Element add(List<Element> more) {
    List<Element> all = new ArrayList<>(children);
    all.addAll(more);
    return new Element(name, attributes, List.copyOf(all), text);
  }

  /** The attribute's value, or an empty text. */
  String attribute(String attribute) {
    return attributes.getOrDefault(attribute, "");
  }

  Stream<Element> all(String child) {
    return children.stream().filter(c -> c.name().equals(child));
  }

  /** Follows first children of those names. */
  Optional<Element> find(String... path) {
    Optional<Element> at = Optional.of(this);
    for (String step : path) {
      at = at.flatMap(e -> e.all(step).findFirst());
    }
    return at;
  }

  /** As {@link #find}; a document without it is not one that we wrote. */
  Element get(String... path) {
    return find(path)
        .orElseThrow(() -> new NotOurs("<" + name + "> has no " + String.join("/", path)));
  }

  /** The attributes as a plain map, for comparison regardless of their order. */
  Map<String, String> attributesAnyOrder() {
    return Map.copyOf(attributes);
  }
}
