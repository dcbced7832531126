package dev.kumiko.app.planted.tenancy;

import dev.kumiko.app.planted.network.PlantedNetwork;

record PlantedTenancy(PlantedNetwork network) {}
