package dev.kumiko.app.planted.compute.libvirt;

public interface PlantedPort {}
