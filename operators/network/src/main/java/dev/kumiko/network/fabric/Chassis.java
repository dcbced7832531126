package dev.kumiko.network.fabric;

/**
 * A host's switch as the fabric sees it.
 *
 * @param name its identity in the fabric
 * @param hostname the host's own name
 * @param generation the newest generation it has programmed
 * @param live false when it is registered but has not followed the newest generation for longer
 *     than patience allows
 */
public record Chassis(String name, String hostname, long generation, boolean live) {}
