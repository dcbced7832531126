package dev.kumiko.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.compute.libvirt.Hypervisor;
import dev.kumiko.compute.power.PowerController;
import dev.kumiko.network.fabric.FabricTables;
import dev.kumiko.network.fabric.Fabrics;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Endpoint;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.storage.ceph.CephPool;
import dev.kumiko.storage.ceph.Pools;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * What ARCHITECTURE.md says about who may know whom.
 *
 * @param root {@code dev.kumiko}, or a package where violations are planted
 */
record ArchitectureRules(String root) {
  private static final String BANNED_NAMES =
      ".*(Utils?|Helper|Manager|Handler|Processor|Impl|Base|Abstract|Common|Data|Info)([A-Z].*)?";

  private String in(String module) {
    return root + "." + module + "..";
  }

  private String[] modules(String... names) {
    return java.util.Arrays.stream(names).map(this::in).toArray(String[]::new);
  }

  ArchRule resourcesKnowNobody() {
    return noClasses()
        .that()
        .resideInAPackage(in("v1alpha1"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            modules("reconcile", "tenancy", "network", "storage", "compute", "app"));
  }

  ArchRule theLoopKnowsNoKind() {
    return noClasses()
        .that()
        .resideInAPackage(in("reconcile"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(modules("tenancy", "network", "storage", "compute"));
  }

  /** They meet in custom resources only. */
  ArchRule theFourNeverKnowEachOther() {
    return slices()
        .matching(root + ".(tenancy|network|storage|compute)..")
        .should()
        .notDependOnEachOther();
  }

  ArchRule onlyTheSdkPackageKnowsTheOperatorSdk() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(in("reconcile.sdk"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.javaoperatorsdk..");
  }

  ArchRule kindsRunOnAnyCluster() {
    return noClasses()
        .that()
        .resideInAnyPackage(modules("tenancy", "network", "storage", "compute"))
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.kumiko.reconcile.sdk..")
                .or(assignableTo("io.fabric8.kubernetes.client.Client")));
  }

  ArchRule onlyTheLibvirtAdapterKnowsLibvirt() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(in("compute.libvirt"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.libvirt..");
  }

  ArchRule onlyTheCephAdapterKnowsRados() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(in("storage.ceph"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.ceph..");
  }

  ArchRule onlyAdaptersCallNativeCode() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(modules("compute.libvirt", "storage.ceph"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.sun.jna..");
  }

  /** kind → port ← adapter. */
  ArchRule portsAndAdaptersKnowNoKind() {
    return noClasses()
        .that()
        .resideInAnyPackage(
            modules(
                "network.fabric",
                "storage.ceph",
                "compute.libvirt",
                "compute.power",
                "compute.domainxml"))
        .should()
        .dependOnClassesThat(assignableTo(Kind.class));
  }

  /** Everybody but the wiring asks the port. */
  ArchRule adaptersAreKnownToTheWiringOnly() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(
            modules("network.fabric", "storage.ceph", "compute.libvirt", "compute.power", "app"))
        .should()
        .dependOnClassesThat(isAdapter());
  }

  private static DescribedPredicate<JavaClass> isAdapter() {
    return DescribedPredicate.describe(
        "implement a port",
        candidate ->
            !candidate.isInterface()
                && Stream.of(
                        FabricTables.class,
                        Fabrics.class,
                        CephPool.class,
                        Pools.class,
                        Hypervisor.class,
                        Hosts.class,
                        PowerController.class)
                    .anyMatch(candidate::isAssignableTo));
  }

  ArchRule domainXmlIsPure() {
    return noClasses()
        .that()
        .resideInAPackage(in("compute.domainxml"))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    in("compute.libvirt"), "java.net..", "java.nio.file..", "org.slf4j..")
                .or(assignableTo(Cluster.class)));
  }

  /** A kind's package may be read by nobody but the wiring. */
  ArchRule kindsKnowNoOtherKind() {
    return ArchRuleDefinition.classes()
        .that(resideInAPackage(root + "..").and(isKind()))
        .should(knowNoOtherKind());
  }

  /** No I/O, no clock, no randomness, no logging. */
  ArchRule plansArePure() {
    return noClasses()
        .that()
        .haveSimpleNameEndingWith("Plan")
        .should()
        .dependOnClassesThat(
            assignableTo(Cluster.class)
                .or(assignableTo(Endpoint.class))
                .or(assignableTo(InstantSource.class))
                .or(assignableTo(RandomGenerator.class))
                .or(resideInAnyPackage("java.io..", "java.nio..", "java.net..", "org.slf4j..")))
        .orShould()
        .callMethod(java.time.Instant.class, "now");
  }

  ArchRule packagesHaveNoCycles() {
    return slices().matching(root + ".(**)").should().beFreeOfCycles();
  }

  ArchRule namesSayWhatAThingIs() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .haveNameMatching(".*[.$]" + BANNED_NAMES);
  }

  ArchRule thereIsOneWayToLog() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.util.logging..", "org.apache.log4j..", "org.apache.commons.logging..")
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err");
  }

  ArchRule nothingIsStaticAndChanges() {
    return fields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage(root + "..")
        .and()
        .areStatic()
        .should()
        .beFinal();
  }

  private static DescribedPredicate<JavaClass> isKind() {
    return assignableTo(Kind.class).and(resideInAPackage("dev.kumiko.."));
  }

  private static ArchCondition<JavaClass> knowNoOtherKind() {
    return new ArchCondition<>("know no other kind's package") {
      @Override
      public void check(JavaClass kind, ConditionEvents events) {
        for (JavaClass member : kind.getPackage().getClasses()) {
          for (Dependency dependency : member.getDirectDependenciesFromSelf()) {
            JavaClass target = dependency.getTargetClass();
            boolean isForeign =
                !target.getPackageName().equals(kind.getPackageName())
                    && target.getPackageName().startsWith("dev.kumiko.")
                    && !target.getPackageName().startsWith("dev.kumiko.reconcile")
                    && target.getPackage().getClasses().stream().anyMatch(isKind());
            events.add(new SimpleConditionEvent(kind, !isForeign, dependency.getDescription()));
          }
        }
      }
    };
  }
}
