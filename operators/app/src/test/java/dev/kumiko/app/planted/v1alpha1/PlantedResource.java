package dev.kumiko.app.planted.v1alpha1;

import dev.kumiko.app.planted.reconcile.PlantedLoop;

record PlantedResource(PlantedLoop loop) {}
