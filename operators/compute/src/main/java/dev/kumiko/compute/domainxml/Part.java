package dev.kumiko.compute.domainxml;

import java.util.List;

/** One concern of the document: the elements that it adds. */
@FunctionalInterface
interface Part {
  List<Element> render(GuestDefinition guest);
}
