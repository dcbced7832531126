package dev.kumiko.app;

import dev.kumiko.compute.verdict.Policy;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the command line and the pod say.
 *
 * @param groups which kinds run here
 * @param namespace the operators' own: its secrets are what cluster-scoped kinds name
 * @param leaseNamespace where the Lease is
 * @param lease name of the Lease; processes that share it take turns
 * @param identity of this process in the Lease and in events
 * @param http where health and metrics are served
 * @param concurrency passes of one kind at the same time at most
 * @param scratch directory of this process alone: downloads, client certificates
 * @param scratchBytes what downloads may take of the disk together
 * @param imageBytes largest image that is imported
 * @param deniedSources addresses, blocks and names that no image comes from
 * @param policy when hosts are given up
 * @param sparedHosts loss of how many hosts there is to be room for
 * @param parallelMigrations guests that are moved at a time, in the whole cloud
 */
record Settings(
    Set<Group> groups,
    String namespace,
    String leaseNamespace,
    String lease,
    String identity,
    InetSocketAddress http,
    int concurrency,
    Path scratch,
    long scratchBytes,
    long imageBytes,
    List<String> deniedSources,
    Policy policy,
    int sparedHosts,
    int parallelMigrations) {
  Settings {
    groups = Set.copyOf(groups);
    deniedSources = List.copyOf(deniedSources);
  }

  /** The same, and no image comes from there either. */
  Settings denying(String source) {
    return new Settings(
        groups,
        namespace,
        leaseNamespace,
        lease,
        identity,
        http,
        concurrency,
        scratch,
        scratchBytes,
        imageBytes,
        Stream.concat(deniedSources.stream(), Stream.of(source)).toList(),
        policy,
        sparedHosts,
        parallelMigrations);
  }
}
