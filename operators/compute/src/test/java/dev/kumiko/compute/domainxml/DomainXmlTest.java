package dev.kumiko.compute.domainxml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class DomainXmlTest {
  private static final GuestDefinition KVM = Guests.web(Acceleration.KVM);
  private static final GuestDefinition TCG = Guests.web(Acceleration.TCG);

  static Stream<org.junit.jupiter.params.provider.Arguments> parts() {
    return Stream.of(
        part("identity", Identity::render, KVM),
        part("memory", Memory::render, KVM),
        part("cpu-kvm", Cpu::render, KVM),
        part("cpu-tcg", Cpu::render, TCG),
        part("cpu-named", Cpu::render, Guests.withCpuModel("EPYC-Rome")),
        part("machine-kvm", Machine::render, KVM),
        part("machine-tcg", Machine::render, TCG),
        part("lifecycle", Lifecycle::render, KVM),
        part("disks", Disks::render, KVM),
        part("nics", Nics::render, KVM),
        part("serial-console", SerialConsole::render, KVM),
        part("peripherals", Peripherals::render, KVM));
  }

  private static org.junit.jupiter.params.provider.Arguments part(
      String name, Part part, GuestDefinition guest) {
    return org.junit.jupiter.params.provider.Arguments.of(name, part, guest);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("parts")
  void eachPartRendersAsRecorded(String name, Part part, GuestDefinition guest) {
    Golden.check(name, XmlText.write(Element.of("part").add(part.render(guest))));
  }

  @ParameterizedTest
  @EnumSource(Acceleration.class)
  void aWholeDomainRendersAsRecorded(Acceleration acceleration) {
    Golden.check("domain-" + acceleration.domainType(), DomainXml.render(Guests.web(acceleration)));
  }

  @Test
  void everyPartIsInTheDomain() {
    String domain = DomainXml.render(KVM);
    assertThat(parts().map(p -> (Part) p.get()[1]).flatMap(p -> p.render(KVM).stream()))
        .allSatisfy(e ->
            assertThat(domain.replace(" ", ""))
                .contains(XmlText.write(e).strip().replace(" ", "")));
  }

  @ParameterizedTest
  @EnumSource(Acceleration.class)
  void whatIsRenderedIsReadBack(Acceleration acceleration) {
    GuestDefinition guest = Guests.web(acceleration);
    assertThat(DomainXml.parse(DomainXml.render(guest))).contains(guest);
  }

  @Test
  void anotherProcessorIsReadBackAsAnother() {
    GuestDefinition named = Guests.withCpuModel("EPYC-Rome");
    assertThat(DomainXml.parse(DomainXml.render(named))).contains(named);
    assertThat(named.hardware()).isNotEqualTo(KVM.hardware());
  }

  @Test
  void anyTextThatXmlCanCarryIsReadBackUnchanged() {
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      String hostile = hostile(random);
      GuestDefinition guest =
          Guests.bare(UUID.randomUUID(), "x", 1)
              .with(new Marker("blue", hostile, hostile, i, "r" + hostile.hashCode(), hostile));
      assertThat(DomainXml.parse(DomainXml.render(guest))).contains(guest);
    }
  }

  private static String hostile(Random random) {
    String alphabet = "a<>&\"'/= ]]>é漢𝄞-!?[";
    int[] points = alphabet.codePoints().toArray();
    StringBuilder text = new StringBuilder("n");
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.append('n').toString();
  }

  @Test
  void charactersThatXmlHasNoFormForAreRefused() {
    GuestDefinition guest = Guests.bare(Guests.WEB, "bell\u0007", 1);
    assertThatThrownBy(() -> DomainXml.render(guest))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("U+0007");
  }

  @Test
  void aDomainWithoutOurMarkerIsForeign() {
    assertThat(DomainXml.parse("<domain type='kvm'><name>theirs</name></domain>")).isEmpty();
    assertThat(DomainXml.marker("<domain><metadata><other:x xmlns:other='u'/></metadata></domain>"))
        .isEmpty();
  }

  @Test
  void aMangledDomainWithOurMarkerIsReportedAsSuch() {
    String mangled = DomainXml.render(KVM).replace("interfaceid", "id");
    assertThatThrownBy(() -> DomainXml.parse(mangled)).isInstanceOf(NotOurs.class);
    assertThat(DomainXml.marker(mangled)).contains(KVM.marker());
  }

  @Test
  void externalEntitiesAreNotRead() {
    String attack =
        "<!DOCTYPE d [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><domain><name>&e;</name></domain>";
    assertThatThrownBy(() -> DomainXml.parse(attack)).isInstanceOf(NotOurs.class);
  }

  @Test
  void whatLibvirtAddsDoesNotCount() {
    String theirs =
        DomainXml.render(KVM)
            .replace("<target dev=\"vda\"", "<alias name=\"virtio-disk0\"/><target dev=\"vda\"")
            .replace("<on_crash>", "<on_lockfailure>poweroff</on_lockfailure><on_crash>");
    assertThat(DomainXml.parse(theirs)).contains(KVM);
  }

  @Test
  void monitorsAreReadWithTheirPort() {
    assertThat(List.of(Monitor.parse("10.0.0.1:3300"), Monitor.parse("[fd00::2]:6789")))
        .containsExactly(new Monitor("10.0.0.1", 3300), new Monitor("fd00::2", 6789));
  }
}
