package dev.kumiko.app.planted.tenancy;

import java.util.logging.Logger;

record PlantedLogger(Logger logger) {}
