package dev.kumiko.app.planted.tenancy;

final class PlantedState {
  static int count;

  private PlantedState() {}
}
