package dev.kumiko.app;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Each rule holds for the product, and each has been seen to fail where it is broken on purpose.
 */
final class ArchitectureTest {
  private static final String PRODUCT = "dev.kumiko";
  private static final String PLANTED = "dev.kumiko.app.planted";

  private static final JavaClasses PRODUCT_CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages(PRODUCT);
  private static final JavaClasses PLANTED_CLASSES =
      new ClassFileImporter().importPackages(PLANTED);

  private static void holds(Function<ArchitectureRules, ArchRule> rule, String planted) {
    rule.apply(new ArchitectureRules(PRODUCT)).check(PRODUCT_CLASSES);
    assertThatThrownBy(() -> rule.apply(new ArchitectureRules(PLANTED)).check(PLANTED_CLASSES))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(planted);
  }

  @Test
  void resourcesKnowNobody() {
    holds(ArchitectureRules::resourcesKnowNobody, "PlantedResource");
  }

  @Test
  void theLoopKnowsNoKind() {
    holds(ArchitectureRules::theLoopKnowsNoKind, "PlantedLoop");
  }

  @Test
  void theFourNeverKnowEachOther() {
    holds(ArchitectureRules::theFourNeverKnowEachOther, "PlantedTenancy");
  }

  @Test
  void onlyTheSdkPackageKnowsTheOperatorSdk() {
    holds(ArchitectureRules::onlyTheSdkPackageKnowsTheOperatorSdk, "PlantedSdkUser");
  }

  @Test
  void kindsRunOnAnyCluster() {
    holds(ArchitectureRules::kindsRunOnAnyCluster, "PlantedClientUser");
  }

  @Test
  void onlyTheLibvirtAdapterKnowsLibvirt() {
    holds(ArchitectureRules::onlyTheLibvirtAdapterKnowsLibvirt, "PlantedLibvirtUser");
  }

  @Test
  void onlyTheCephAdapterKnowsRados() {
    holds(ArchitectureRules::onlyTheCephAdapterKnowsRados, "PlantedCephUser");
  }

  @Test
  void onlyAdaptersCallNativeCode() {
    holds(ArchitectureRules::onlyAdaptersCallNativeCode, "PlantedNativeUser");
  }

  @Test
  void portsAndAdaptersKnowNoKind() {
    holds(ArchitectureRules::portsAndAdaptersKnowNoKind, "PlantedAdapter");
  }

  @Test
  void adaptersAreKnownToTheWiringOnly() {
    holds(ArchitectureRules::adaptersAreKnownToTheWiringOnly, "PlantedAdapterUser");
  }

  @Test
  void domainXmlIsPure() {
    holds(ArchitectureRules::domainXmlIsPure, "PlantedXml");
  }

  @Test
  void kindsKnowNoOtherKind() {
    holds(ArchitectureRules::kindsKnowNoOtherKind, "PlantedHostKind");
  }

  @Test
  void plansArePure() {
    holds(ArchitectureRules::plansArePure, "PlantedPlan");
  }

  @Test
  void packagesHaveNoCycles() {
    holds(ArchitectureRules::packagesHaveNoCycles, "Cycle detected");
  }

  @Test
  void namesSayWhatAThingIs() {
    holds(ArchitectureRules::namesSayWhatAThingIs, "PlantedManager");
  }

  @Test
  void thereIsOneWayToLog() {
    holds(ArchitectureRules::thereIsOneWayToLog, "PlantedLogger");
  }

  @Test
  void nothingIsStaticAndChanges() {
    holds(ArchitectureRules::nothingIsStaticAndChanges, "PlantedState");
  }
}
