package dev.kumiko.app.planted.compute.vm;

import com.sun.jna.Pointer;

record PlantedNativeUser(Pointer pointer) {}
