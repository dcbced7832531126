package dev.kumiko.compute.domainxml;

import java.util.UUID;

/**
 * A network interface of a guest.
 *
 * @param port UID of the Port: what the fabric knows the interface by
 */
public record Nic(UUID port, String mac, int mtuBytes, String bridge) {}
