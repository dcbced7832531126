package dev.kumiko.storage.ceph;

/**
 * One permission the key lacks.
 *
 * @param purpose what cannot be done without it
 * @param remedy what the owner of the cluster has to grant or change
 */
public record MissingGrant(String purpose, String remedy) {}
