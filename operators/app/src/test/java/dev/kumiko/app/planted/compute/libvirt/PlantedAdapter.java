package dev.kumiko.app.planted.compute.libvirt;

import dev.kumiko.app.planted.compute.vm.PlantedVmKind;

record PlantedAdapter(PlantedVmKind kind) implements PlantedPort {}
