package dev.kumiko.network.controller;

import dev.kumiko.network.fabric.FabricSettings;
import java.util.Optional;

/**
 * The ask: a connection to the fabric's controller.
 *
 * @param settings how; empty when the connection is to end
 */
record DesiredController(String name, Optional<FabricSettings> settings) {}
