package dev.kumiko.app.planted.tenancy;

import io.fabric8.kubernetes.client.KubernetesClient;

record PlantedClientUser(KubernetesClient client) {}
