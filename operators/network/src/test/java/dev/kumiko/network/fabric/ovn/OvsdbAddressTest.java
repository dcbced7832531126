package dev.kumiko.network.fabric.ovn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OvsdbAddressTest {
  @Test
  void readsTheNotationOfOvs() {
    assertThat(OvsdbAddress.parse("ssl:10.0.0.1:6641,tcp:[fd00::1]:6642, unix:/run/nb.sock"))
        .containsExactly(
            new OvsdbAddress.Tcp("10.0.0.1", 6641, true),
            new OvsdbAddress.Tcp("fd00::1", 6642, false),
            new OvsdbAddress.Unix("/run/nb.sock"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ssl:", "ssl:host", "ssl:host:port", "http:host:80", "unix:"})
  void refusesWhatIsNoAddressAndSaysWhatToWrite(String text) {
    assertThatThrownBy(() -> OvsdbAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("write ssl:host:port");
  }
}
