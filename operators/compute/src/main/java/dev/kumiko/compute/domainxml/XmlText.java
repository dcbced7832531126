package dev.kumiko.compute.domainxml;

import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Writes elements as indented text and reads them back; both sides are the JDK's XML library. */
final class XmlText {
  private XmlText() {}

  static String write(Element root) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter out = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      write(out, root, 0);
      out.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("cannot write XML to memory", e);
    }
    return text.toString();
  }

  private static void write(XMLStreamWriter out, Element element, int depth)
      throws XMLStreamException {
    out.writeCharacters("  ".repeat(depth));
    boolean empty = element.children().isEmpty() && element.text().isEmpty();
    if (empty) {
      out.writeEmptyElement(element.name());
    } else {
      out.writeStartElement(element.name());
    }
    for (var attribute : element.attributes().entrySet()) {
      out.writeAttribute(attribute.getKey(), legal(attribute.getValue()));
    }
    if (!empty) {
      out.writeCharacters(legal(element.text()));
      if (!element.children().isEmpty()) {
        out.writeCharacters("\n");
        for (Element child : element.children()) {
          write(out, child, depth + 1);
        }
        out.writeCharacters("  ".repeat(depth));
      }
      out.writeEndElement();
    }
    out.writeCharacters("\n");
  }

  /** XML 1.0 has no form at all for most control characters (section 2.2). */
  private static String legal(String value) {
    value
        .codePoints()
        .filter(c ->
            (c < 0x20 && c != '\t' && c != '\n')
                || (c >= 0xD800 && c <= 0xDFFF)
                || c == 0xFFFE
                || c == 0xFFFF)
        .findFirst()
        .ifPresent(c -> {
          throw new IllegalArgumentException(
              "character U+%04X cannot be written to XML".formatted(c));
        });
    return value;
  }

  static Element parse(String text) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      return element(builder.parse(new InputSource(new StringReader(text))).getDocumentElement());
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK's XML parser lacks a security feature", e);
    } catch (SAXException | java.io.IOException e) {
      throw new NotOurs("not well-formed XML: " + e.getMessage(), e);
    }
  }

  private static Element element(Node node) {
    SequencedMap<String, String> attributes = new LinkedHashMap<>();
    NamedNodeMap named = node.getAttributes();
    for (int i = 0; i < named.getLength(); i++) {
      attributes.put(named.item(i).getNodeName(), named.item(i).getNodeValue());
    }
    List<Element> children = new ArrayList<>();
    for (Node c = node.getFirstChild(); c != null; c = c.getNextSibling()) {
      if (c.getNodeType() == Node.ELEMENT_NODE) {
        children.add(element(c));
      }
    }
    String content = children.isEmpty() ? node.getTextContent().strip() : "";
    return new Element(node.getNodeName(), attributes, List.copyOf(children), content);
  }
}
