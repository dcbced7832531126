package dev.kumiko.compute.migration;

/** From where to where a guest is moved, and which start of it. */
record Route(String source, String target, long epoch) {}
