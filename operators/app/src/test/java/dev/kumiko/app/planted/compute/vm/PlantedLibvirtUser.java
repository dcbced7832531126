package dev.kumiko.app.planted.compute.vm;

import org.libvirt.Connect;

record PlantedLibvirtUser(Connect connect) {}
