package dev.kumiko.app.planted.compute.vm;

import dev.kumiko.compute.libvirt.LibvirtHosts;

record PlantedAdapterUser(LibvirtHosts hosts) {}
