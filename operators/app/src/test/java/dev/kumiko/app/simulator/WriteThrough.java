package dev.kumiko.app.simulator;

import dev.kumiko.reconcile.Cluster;
import io.fabric8.kubernetes.api.model.HasMetadata;

/** The API for an operator that writes what it wants, whatever it reads. */
abstract class WriteThrough implements Cluster {
  final Cluster api;

  WriteThrough(Cluster api) {
    this.api = api;
  }

  @Override
  public boolean create(HasMetadata object) {
    return api.create(object);
  }

  @Override
  public <T extends HasMetadata> T apply(T object) {
    return api.apply(object);
  }

  @Override
  public <T extends HasMetadata> T replace(T object) {
    return api.replace(object);
  }

  @Override
  public void delete(HasMetadata object) {
    api.delete(object);
  }

  @Override
  public <T extends HasMetadata> T updateStatus(T object) {
    return api.updateStatus(object);
  }

  @Override
  public void event(HasMetadata about, Severity severity, String reason, String message) {
    api.event(about, severity, reason, message);
  }
}
