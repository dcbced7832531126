package dev.kumiko.storage.image;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.storage.ceph.Pools;
import dev.kumiko.storage.work.Works;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * How images are imported in this process.
 *
 * @param scratch directory for downloads; what an earlier process left there is removed
 * @param maximumBytes largest source and largest disk
 * @param scratchBytes what downloads may take of the disk together
 * @param parallel imports at the same time at most
 * @param denied addresses, blocks and names that no image comes from, besides those of Hosts,
 *     StoragePools and Fabrics
 */
public record ImageImports(
    Path scratch, long maximumBytes, long scratchBytes, int parallel, List<String> denied) {
  public ImageImports {
    denied = List.copyOf(denied);
  }

  /** The Image kind on top of these imports. */
  public ImageKind kind(Cluster cluster, Pools pools) throws IOException {
    Scratch.clear(scratch);
    InstantSource clock = InstantSource.system();
    return new ImageKind(
        cluster,
        pools,
        Works.onThreads("import", parallel, clock),
        Works.onThreads("remove-image", parallel, clock),
        new SourceImporter(
            new Sources(
                Resolver.system(), new ManagementAddresses(cluster, Resolver.system(), denied)),
            new ScratchSpace(scratch, scratchBytes),
            maximumBytes));
  }
}
