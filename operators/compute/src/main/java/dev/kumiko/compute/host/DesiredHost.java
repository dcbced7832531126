package dev.kumiko.compute.host;

import dev.kumiko.compute.libvirt.Hosts;
import java.util.Optional;

/**
 * The connection that a Host asks for.
 *
 * @param tlsSecret name of the Secret with the credentials, whose fingerprint is in the target
 */
record DesiredHost(Hosts.Target target, Optional<String> tlsSecret) {}
