package dev.kumiko.app.planted.storage.volume;

import com.ceph.rados.Rados;

record PlantedCephUser(Rados rados) {}
