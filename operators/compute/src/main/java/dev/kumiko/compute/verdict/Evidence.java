package dev.kumiko.compute.verdict;

import dev.kumiko.compute.libvirt.Link;
import dev.kumiko.v1alpha1.Fence;
import java.time.Duration;
import java.util.Optional;

/**
 * What is known of one host.
 *
 * @param link to its libvirtd; empty: not opened yet
 * @param silentFor since when it was heard last
 * @param guests what its guests say through Ceph; empty: they were not asked, or no pool could be
 * @param silence how the other hosts are
 * @param isSettled whether at no moment of the detection time too many hosts were silent, or all:
 *     those that come back do so one by one
 * @param isOrdered whether a person gave it up
 */
public record Evidence(
    Optional<Link> link,
    Duration silentFor,
    Optional<Fence.Guests> guests,
    Silence silence,
    boolean isSettled,
    boolean isOrdered) {

  /**
   * How silent the hosts are, this one included.
   *
   * @param hosts that there are
   * @param silent those of which nothing is heard
   * @param atOnce those of the silent that fell silent about when this one did
   */
  public record Silence(int hosts, int silent, int atOnce) {
    /** Whether rather we are cut off than all of them. */
    boolean isTotal() {
      return silent >= hosts;
    }
  }
}
