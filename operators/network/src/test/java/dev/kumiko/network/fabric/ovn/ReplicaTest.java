package dev.kumiko.network.fabric.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kumiko.network.fabric.Value;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Updates as ovsdb-server sends them ({@code update2} and {@code update3}). */
final class ReplicaTest {
  private static final UUID ROW = UUID.fromString("00000000-0000-0000-0000-000000000001");
  private static final String A = "11111111-1111-1111-1111-111111111111";
  private static final String B = "22222222-2222-2222-2222-222222222222";
  private final Replica replica = new Replica();

  @BeforeEach
  void load() throws JsonProcessingException {
    OvsdbSchema schema =
        OvsdbSchema.of(
            json(
                """
                {'version': '7.0.0', 'tables': {'T': {'columns': {
                  'name': {'type': 'string'},
                  'tag': {'type': {'key': {'type': 'integer', 'minInteger': 1}, 'min': 0, 'max': 1}},
                  'up': {'type': {'key': 'boolean', 'min': 0, 'max': 1}},
                  'nb_cfg': {'type': {'key': 'integer'}},
                  'addresses': {'type': {'key': 'string', 'min': 0, 'max': 'unlimited'}},
                  'ports': {'type': {'key': {'type': 'uuid', 'refTable': 'P'}, 'min': 0, 'max': 'unlimited'}},
                  'dhcp': {'type': {'key': {'type': 'uuid', 'refTable': 'D'}, 'min': 0, 'max': 1}},
                  'options': {'type': {'key': 'string', 'value': 'string', 'min': 0, 'max': 'unlimited'}}
                }}}}
                """));
    replica.load(
        schema,
        json(
            """
            {'T': {'00000000-0000-0000-0000-000000000001': {'initial': {
              'name': 'one', 'tag': 101, 'addresses': ['set', ['a', 'b']],
              'ports': ['uuid', '%s'], 'dhcp': ['uuid', '%s'],
              'options': ['map', [['k', 'v'], ['l', 'w']]]}}}}
            """
                .formatted(A, B)));
  }

  @Test
  void readsEachTypeOfColumn() {
    Replica.Columns row = row();

    assertThat(row.get("name")).isEqualTo(Value.text("one"));
    assertThat(row.get("tag")).isEqualTo(Value.number(101));
    assertThat(row.get("addresses")).isEqualTo(Value.texts("a", "b"));
    assertThat(row.get("ports")).isEqualTo(Value.texts(A));
    assertThat(row.get("dhcp")).isEqualTo(new Value.Reference("D", UUID.fromString(B)));
    assertThat(row.get("options")).isEqualTo(Value.pairs(Map.of("k", "v", "l", "w")));
    assertThat(row.get("up").isEmpty()).isTrue();
    assertThat(row.number("nb_cfg")).isZero();
  }

  @Test
  void aSetChangesByTheElementsThatCameOrWent() throws JsonProcessingException {
    modify("{'addresses': ['set', ['b', 'c']], 'ports': ['uuid', '%s']}".formatted(B));

    assertThat(row().get("addresses")).isEqualTo(Value.texts("a", "c"));
    assertThat(row().get("ports")).isEqualTo(Value.texts(A, B));
    modify("{'ports': ['set', [['uuid', '%s'], ['uuid', '%s']]]}".formatted(A, B));
    assertThat(row().get("ports").isEmpty()).isTrue();
  }

  @Test
  void aMapChangesByThePairsThatCameWentOrGotAnotherValue() throws JsonProcessingException {
    modify("{'options': ['map', [['k', 'v'], ['l', 'x'], ['m', 'y']]]}");

    assertThat(row().get("options")).isEqualTo(Value.pairs(Map.of("l", "x", "m", "y")));
  }

  @Test
  void aColumnOfAtMostOneElementIsReplaced() throws JsonProcessingException {
    modify("{'tag': 102, 'name': 'two', 'up': true, 'dhcp': ['set', []]}");

    assertThat(row().get("tag")).isEqualTo(Value.number(102));
    assertThat(row().get("name")).isEqualTo(Value.text("two"));
    assertThat(row().get("up")).isEqualTo(Value.text("true"));
    assertThat(row().get("dhcp").isEmpty()).isTrue();
  }

  @Test
  void aNewLoadSaysWhatDiffersFromBefore() throws JsonProcessingException {
    var changes =
        replica.load(
            OvsdbSchema.of(json("{'tables': {'T': {'columns': {'name': {'type': 'string'}}}}}")),
            json(
                """
                {'T': {'00000000-0000-0000-0000-000000000002': {'initial': {'name': 'other'}}}}
                """));

    assertThat(changes)
        .extracting(change -> change.id().toString().charAt(35), c -> c.after().isPresent())
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple('1', false),
            org.assertj.core.groups.Tuple.tuple('2', true));
  }

  @Test
  void aDeletedRowIsGone() throws JsonProcessingException {
    replica.apply(json("{'T': {'%s': {'delete': null}}}".formatted(ROW)));

    assertThat(replica.row("T", ROW)).isEmpty();
  }

  private void modify(String columns) throws JsonProcessingException {
    replica.apply(json("{'T': {'%s': {'modify': %s}}}".formatted(ROW, columns)));
  }

  private Replica.Columns row() {
    return replica.row("T", ROW).orElseThrow();
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return OvsdbConnection.JSON.readTree(text.replace('\'', '"'));
  }
}
