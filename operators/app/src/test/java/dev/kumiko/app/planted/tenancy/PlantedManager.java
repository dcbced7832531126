package dev.kumiko.app.planted.tenancy;

record PlantedManager() {}
