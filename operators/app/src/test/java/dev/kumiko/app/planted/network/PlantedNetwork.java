package dev.kumiko.app.planted.network;

public record PlantedNetwork(String name) {}
