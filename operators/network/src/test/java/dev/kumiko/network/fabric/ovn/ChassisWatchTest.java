package dev.kumiko.network.fabric.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.kumiko.network.fabric.Chassis;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ChassisWatchTest {
  private static final String SCHEMA =
      """
      {'tables': {
        'SB_Global': {'columns': {'nb_cfg': {'type': {'key': 'integer'}}}},
        'Chassis': {'columns': {'name': {'type': 'string'}, 'hostname': {'type': 'string'},
          'other_config': {'type': {'key': 'string', 'value': 'string', 'min': 0, 'max': 'unlimited'}}}},
        'Chassis_Private': {'columns': {'name': {'type': 'string'}, 'nb_cfg': {'type': 'integer'}}}}}
      """;

  private Instant now = Instant.EPOCH;
  private final ChassisWatch watch = new ChassisWatch(Duration.ofSeconds(5), () -> now);

  @Test
  void aChassisThatFallsBehindForLongIsNotLive() throws JsonProcessingException {
    Replica replica = replica(7, 7, 6);

    assertThat(live(replica)).containsExactlyInAnyOrder("c1", "c2");
    now = now.plusSeconds(6);
    assertThat(live(replica)).containsExactly("c1");
  }

  @Test
  void aChassisThatMovesIsLiveThoughItIsBehind() throws JsonProcessingException {
    assertThat(live(replica(9, 9, 6))).hasSize(2);
    now = now.plusSeconds(4);
    assertThat(live(replica(9, 9, 7))).hasSize(2);
    now = now.plusSeconds(4);

    assertThat(live(replica(9, 9, 8))).hasSize(2);
  }

  @Test
  void aChassisThatCatchesUpIsLiveAgain() throws JsonProcessingException {
    live(replica(7, 7, 6));
    now = now.plusSeconds(60);
    assertThat(live(replica(7, 7, 6))).hasSize(1);

    assertThat(live(replica(7, 7, 7))).hasSize(2);
    now = now.plusSeconds(60);
    assertThat(live(replica(7, 7, 7))).hasSize(2);
  }

  @Test
  void aNumberAboveTheNewestIsOfAnotherDatabase() throws JsonProcessingException {
    Replica replica = replica(7, 7, 9);

    assertThat(watch.chassis(replica)).extracting("generation").containsExactly(7L, 0L);
    now = now.plusSeconds(6);
    assertThat(live(replica)).containsExactly("c1");
  }

  @Test
  void aChassisThatLeftIsNotCounted() throws JsonProcessingException {
    Replica replica = replica(7, 7, 7);
    replica.apply(
        OvsdbConnection.JSON.readTree(
            """
            {"Chassis": {"00000000-0000-0000-0000-000000000003": {"delete": null}}}
            """));

    assertThat(watch.chassis(replica)).extracting("name", "hostname").hasSize(1);
  }

  @Test
  void knowsWhichPhysicalNetworksAChassisHasABridgeFor() throws JsonProcessingException {
    assertThat(watch.chassis(replica(7, 7, 7)))
        .extracting(Chassis::physicalNetworks)
        .containsExactly(Set.of("physnet1", "physnet2"), Set.of());
  }

  private List<String> live(Replica replica) {
    return watch.chassis(replica).stream().filter(Chassis::live).map(Chassis::name).toList();
  }

  private static Replica replica(long newest, long one, long other) throws JsonProcessingException {
    Replica replica = new Replica();
    replica.load(
        OvsdbSchema.of(OvsdbConnection.JSON.readTree(SCHEMA.replace('\'', '"'))),
        OvsdbConnection.JSON.readTree(
            """
            {"SB_Global": {"00000000-0000-0000-0000-000000000001": {"initial": {"nb_cfg": %d}}},
             "Chassis": {
               "00000000-0000-0000-0000-000000000002": {"initial": {"name": "c1", "hostname": "h1",
                 "other_config": ["map", [["ovn-bridge-mappings", "physnet1:br-one, physnet2:br-two"]]]}},
               "00000000-0000-0000-0000-000000000003": {"initial": {"name": "c2", "hostname": "h2"}}},
             "Chassis_Private": {
               "00000000-0000-0000-0000-000000000004": {"initial": {"name": "c1", "nb_cfg": %d}},
               "00000000-0000-0000-0000-000000000005": {"initial": {"name": "c2", "nb_cfg": %d}}}}
            """
                .formatted(newest, one, other)));
    return replica;
  }
}
