package dev.kumiko.app.planted.compute.domainxml;

import dev.kumiko.app.planted.compute.libvirt.PlantedPort;

record PlantedXml(PlantedPort port) {}
