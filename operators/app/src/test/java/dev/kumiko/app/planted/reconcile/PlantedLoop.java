package dev.kumiko.app.planted.reconcile;

import dev.kumiko.app.planted.network.PlantedNetwork;

public record PlantedLoop(PlantedNetwork network) {}
