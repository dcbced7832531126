package dev.kumiko.storage.fence;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import dev.kumiko.storage.fence.DesiredFence.Disk;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A few disks that stand for all: from each pool in turn, so that one broken pool hides no other.
 */
final class DiskSample {
  private DiskSample() {}

  static List<Disk> of(List<Disk> disks, int limit) {
    ImmutableListMultimap<String, Disk> byPool =
        Multimaps.index(
            disks.stream().distinct().toList(), disk -> disk.pool().getMetadata().getName());
    List<Iterator<Disk>> turns =
        byPool.asMap().values().stream().map(ofPool -> ofPool.iterator()).toList();
    List<Disk> sample = new ArrayList<>();
    while (sample.size() < limit && turns.stream().anyMatch(Iterator::hasNext)) {
      turns.stream().filter(Iterator::hasNext).forEach(turn -> sample.add(turn.next()));
    }
    return sample.subList(0, Math.min(limit, sample.size()));
  }
}
