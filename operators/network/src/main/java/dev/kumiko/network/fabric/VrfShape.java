package dev.kumiko.network.fabric;

import dev.kumiko.reconcile.Ownership;

/**
 * A tenant's routing domain.
 *
 * @param owner the Vrf resource
 * @param name for people who look at the fabric
 */
public record VrfShape(Ownership owner, String name) {}
