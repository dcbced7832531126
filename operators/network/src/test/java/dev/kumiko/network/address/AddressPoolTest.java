package dev.kumiko.network.address;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.Network;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressPoolTest {
  private static final Prefix PREFIX = Prefix.of("10.1.1.0/29");

  @Test
  void handsOutEverythingButTheEdgesTheGatewayTheProberAndWhatIsReserved() {
    AddressPool pool = pool(List.of(), Set.of(Prefix.number("10.1.1.3")));

    assertThat(all(pool)).containsExactly("10.1.1.2", "10.1.1.4", "10.1.1.5");
    assertThat(pool.size()).isEqualTo(3);
  }

  @Test
  void probesComeFromTheLastAddressThatNobodyIsGiven() {
    assertThat(proberOf(subnet("10.1.1.1", List.of(), List.of()))).isEqualTo("10.1.1.6");
    assertThat(proberOf(subnet("10.1.1.6", List.of(), List.of()))).isEqualTo("10.1.1.5");
    assertThat(proberOf(subnet("10.1.1.1", List.of("10.1.1.6"), List.of("10.1.1.4"))))
        .isEqualTo("10.1.1.5");
    assertThat(proberOf(subnet("10.1.1.6", List.of("10.1.1.3", "10.1.1.5"), List.of("10.1.1.4"))))
        .isEqualTo("10.1.1.2");
  }

  @Test
  void probesComeFromNoAddressThatAGuestHas() {
    Network.Subnet subnet = subnet("10.1.1.1", List.of(), List.of());

    assertThat(AddressPool.prober(subnet, a -> a == Prefix.number("10.1.1.6")))
        .hasValue(Prefix.number("10.1.1.5"));
    assertThat(AddressPool.prober(subnet, a -> true)).isEmpty();
  }

  private static Network.Subnet subnet(String gateway, List<String> reserved, List<String> vias) {
    return new Network.Subnet(
        PREFIX.toString(),
        gateway,
        List.of(),
        reserved,
        List.of(),
        vias.stream().map(via -> new Network.Route("10.20.0.0/16", via)).toList());
  }

  private static String proberOf(Network.Subnet subnet) {
    return Prefix.text(AddressPool.of(subnet, Optional.empty()).prober());
  }

  @Test
  void noGuestMayHaveTheAddressThatProbesComeFrom() {
    assertThat(pool(List.of(), Set.of()).objection(Prefix.number("10.1.1.6")))
        .hasValue("is where probes come from");
  }

  @Test
  void rangesThatOverlapCountOnce() {
    AddressPool pool = pool(List.of(span(4, 6), span(1, 2), span(5, 7)), Set.of());

    assertThat(all(pool)).containsExactly("10.1.1.2", "10.1.1.4", "10.1.1.5");
    assertThat(pool.size()).isEqualTo(3);
  }

  @Test
  void aRangeThatRunsBackwardsHoldsNothing() {
    AddressPool pool = pool(List.of(span(5, 3)), Set.of());

    assertThat(all(pool)).isEmpty();
    assertThat(pool.size()).isZero();
  }

  @Test
  void differentSeedsBeginAtDifferentPlaces() {
    AddressPool pool = pool(List.of(), Set.of());

    assertThat(pool.free(2, a -> false)).hasValue(Prefix.number("10.1.1.2"));
    assertThat(pool.free(-3, a -> false)).hasValue(Prefix.number("10.1.1.5"));
  }

  @Test
  void saysWhenNothingIsLeft() {
    assertThat(pool(List.of(), Set.of()).free(4, a -> true)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.1.0/24, 10.1.1.128/25, true",
    "10.1.1.128/25, 10.1.0.0/16, true",
    "10.1.1.0/25, 10.1.1.128/25, false",
    "0.0.0.0/0, 192.168.4.0/24, true",
    "223.0.0.0/8, 224.0.0.0/8, false"
  })
  void prefixesOverlapWhenTheyShareAnAddress(String one, String other, boolean overlap) {
    assertThat(Prefix.of(one).overlaps(Prefix.of(other))).isEqualTo(overlap);
    assertThat(Prefix.of(other).overlaps(Prefix.of(one))).isEqualTo(overlap);
  }

  @Test
  void aGeneratedMacFollowsFromTheAddress() {
    assertThat(Macs.ofGuest(Prefix.number("10.255.1.16"))).isEqualTo("02:6b:0a:ff:01:10");
    assertThat(Macs.ofRouter("a")).matches("06(:[0-9a-f]{2}){5}").isNotEqualTo(Macs.ofRouter("b"));
  }

  private static AddressPool pool(List<AddressPool.Span> ranges, Set<Long> reserved) {
    return new AddressPool(
        PREFIX, Prefix.number("10.1.1.1"), Prefix.number("10.1.1.6"), ranges, reserved);
  }

  private static AddressPool.Span span(int from, int to) {
    return new AddressPool.Span(PREFIX.first() + from, PREFIX.first() + to);
  }

  private static List<String> all(AddressPool pool) {
    return java.util.stream.LongStream.rangeClosed(PREFIX.first(), PREFIX.last())
        .filter(address -> pool.free(0, other -> other != address).isPresent())
        .mapToObj(Prefix::text)
        .toList();
  }
}
