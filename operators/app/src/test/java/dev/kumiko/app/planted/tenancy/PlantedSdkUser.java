package dev.kumiko.app.planted.tenancy;

import io.javaoperatorsdk.operator.Operator;

record PlantedSdkUser(Operator operator) {}
