package dev.kumiko.app.planted.compute.vm;

import java.time.Instant;

final class PlantedPlan {
  private PlantedPlan() {}

  static String plan() {
    return Instant.now().toString();
  }
}
