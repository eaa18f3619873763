package io.roomcast;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.HashedWheelTimer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which package may know which: the drawing of ARCHITECTURE.md, as rules that fail. */
final class ArchitectureTest {
  private static final String OURS = "io.roomcast..";
  private static final String ROOM = "io.roomcast.room..";
  private static final String PROTOCOL = "io.roomcast.protocol..";
  private static final String CLIENT = "io.roomcast.client..";
  private static final String NETTY = "io.netty..";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.roomcast");

  /** What a package may know of ours, beside itself. */
  private static final Map<String, List<String>> MAY_KNOW =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("protocol", List.of()),
              Map.entry("client", List.of("protocol")),
              Map.entry("room", List.of("protocol")),
              Map.entry("memory", List.of("room", "protocol")),
              Map.entry("redis", List.of("room", "protocol")),
              Map.entry("auth", List.of("room", "protocol", "web")),
              Map.entry("web", List.of()),
              Map.entry("webhook", List.of("room", "protocol", "web")),
              Map.entry("metrics", List.of("room", "protocol")),
              Map.entry("tls", List.of("room")),
              Map.entry("websocket", List.of("room", "protocol", "tls")),
              Map.entry("http", List.of("room", "protocol", "tls")),
              Map.entry("net", List.of("room", "protocol", "websocket", "http", "tls")),
              Map.entry("config", List.of("room", "protocol"))));

  /** These wire the others together and may know them all. */
  private static final List<String> DOORS = List.of("", ".cli", ".load");

  private static void holds(ArchRule rule) {
    // Not every package is there from the first day on.
    rule.allowEmptyShould(true).check(CLASSES);
  }

  @Test
  void theProductWasReallyImported() {
    assertThat(CLASSES.contain("io.roomcast.room.Node")).isTrue();
    assertThat(CLASSES.contain("io.roomcast.protocol.Command")).isTrue();
    assertThat(CLASSES.contain("io.roomcast.client.RoomcastClient")).isTrue();
    assertThat(CLASSES.size()).isGreaterThan(20);
    assertThat(CLASSES.stream().map(JavaClass::getSimpleName)).noneMatch(n -> n.endsWith("Test"));
  }

  @Test
  void everyPackageHasItsPlaceInTheDrawing() {
    for (JavaClass type : CLASSES) {
      String name = type.getPackageName().substring("io.roomcast".length());
      assertThat(DOORS.contains(name) || MAY_KNOW.containsKey(name.substring(1)))
          .as(type.getName() + " is in a package that no rule speaks of")
          .isTrue();
    }
  }

  @Test
  void dependenciesRunOneWay() {
    MAY_KNOW.forEach(
        (name, others) -> {
          List<String> allowed = new java.util.ArrayList<>(others);
          allowed.add(name);
          String[] packages =
              allowed.stream().map(p -> "io.roomcast." + p + "..").toArray(String[]::new);
          holds(
              noClasses()
                  .that()
                  .resideInAPackage("io.roomcast." + name + "..")
                  .should()
                  .dependOnClassesThat(
                      resideInAPackage(OURS).and(resideInAnyPackage(packages).negate())));
        });
  }

  /**
   * What is secret is compared as hashes, in one time. The others compare what is public: names of
   * claims and the issuer, labels of PEM, a scheme, an algorithm, the id of a key.
   */
  @Test
  void whatIsSecretIsNotComparedAsText() {
    holds(
        noClasses()
            .that()
            .resideInAPackage("io.roomcast.auth..")
            .and()
            .haveNameNotMatching(".*[.](Claims|KeyText|RemoteKeys|SigningKey|TokenKey)([$].*)?")
            .should()
            .callMethod(String.class, "equals", Object.class)
            .orShould()
            .callMethod(String.class, "equalsIgnoreCase", String.class)
            .orShould()
            .callMethod(String.class, "contentEquals", CharSequence.class)
            .orShould()
            .callMethod(String.class, "compareTo", String.class)
            .orShould()
            .callMethod(java.util.Objects.class, "equals", Object.class, Object.class));
  }

  @Test
  void theCoreIsPlainJava() {
    holds(
        classes()
            .that()
            .resideInAPackage(ROOM)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                ROOM, PROTOCOL, "java..", "org.jctools..", "org.jspecify..", "org.slf4j.."));
    holds(
        classes()
            .that()
            .resideInAPackage(PROTOCOL)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                PROTOCOL, "java..", "com.fasterxml.jackson.core..", "org.jspecify.."));
  }

  @Test
  void theClientNeedsLittleAndNobodyButTheCommandLineNeedsIt() {
    holds(
        classes()
            .that()
            .resideInAPackage(CLIENT)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                CLIENT,
                PROTOCOL,
                "java..",
                "javax.net.ssl..",
                "com.fasterxml.jackson.core..",
                "org.jspecify.."));
    holds(
        noClasses()
            .that()
            .resideOutsideOfPackages(CLIENT, "io.roomcast.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(CLIENT));
    // A server that starts must not load it.
    holds(
        noClasses()
            .that()
            .haveSimpleName("ServeCommand")
            .or()
            .haveSimpleName("RoomcastCommand")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(CLIENT));
  }

  @Test
  void onlyTheFrontsKnowNetty() {
    holds(
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "io.roomcast.net..",
                "io.roomcast.tls..",
                "io.roomcast.websocket..",
                "io.roomcast.http..",
                "io.roomcast.redis..",
                "io.roomcast.load..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(NETTY));
    // The driver's futures, its clock and what looks up names are Netty's, and so is a loop that is
    // lent to it.
    holds(
        noClasses()
            .that()
            .resideInAPackage("io.roomcast.redis..")
            .and()
            .doNotHaveSimpleName("LentLoop")
            .should()
            .dependOnClassesThat(
                resideInAPackage(NETTY)
                    .and(resideInAPackage("io.netty.util.concurrent..").negate())
                    .and(DescribedPredicate.not(equivalentTo(HashedWheelTimer.class)))
                    .and(DescribedPredicate.not(equivalentTo(NoopAddressResolverGroup.class)))));
  }

  @Test
  void onlyRedisKnowsItsDriver() {
    holds(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.roomcast.redis..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.lettuce..", "reactor.."));
  }

  @Test
  void packagesFormNoCycle() {
    holds(slices().matching("io.roomcast.(*)..").should().beFreeOfCycles());
    // The slices leave out the base package itself: nobody may know that but its own doors.
    holds(
        noClasses()
            .that()
            .resideOutsideOfPackages("io.roomcast", "io.roomcast.cli..", "io.roomcast.load..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.roomcast"));
  }

  @Test
  void namesSayWhatAThingIs() {
    holds(
        noClasses()
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Service")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Factory")
            .orShould()
            .haveSimpleNameStartingWith("Abstract")
            .orShould()
            .haveSimpleNameStartingWith("Default"));
  }

  @Test
  void portsHaveAtMostSixMethods() {
    for (JavaClass type : CLASSES) {
      if (type.isInterface() && type.getPackageName().equals("io.roomcast.room")) {
        assertThat(
                type.getMethods().stream()
                    .filter(method -> method.getModifiers().contains(JavaModifier.ABSTRACT))
                    .map(JavaMethod::getName))
            .as(type.getName())
            .hasSizeLessThanOrEqualTo(6);
      }
    }
  }
}
