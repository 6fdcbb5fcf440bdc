package io.millrace;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/// The walls inside the server; docs/architecture.md says why they stand.
///
/// One instance serves all its tests and goes with them: the classes take some 200 MB.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ArchitectureTest {

    private final JavaClasses server =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .withImportOption(location -> !location.contains("/target-quick/server-test/"))
                    .importPackages("io.millrace");

    /// What tells the time or makes randomness by itself; only the composition root may.
    private static final Map<String, Set<String>> HIDDEN_INPUTS =
            Map.of(
                    Instant.class.getName(),
                    Set.of("now"),
                    Clock.class.getName(),
                    Set.of("systemUTC", "systemDefaultZone"),
                    System.class.getName(),
                    Set.of("currentTimeMillis"),
                    Math.class.getName(),
                    Set.of("random"),
                    "java.time.InstantSource",
                    Set.of("system"),
                    "java.util.UUID",
                    Set.of("randomUUID"),
                    "java.time.LocalDate",
                    Set.of("now"),
                    "java.time.ZonedDateTime",
                    Set.of("now"));

    @Test
    void servicesNeverImportOneAnother() {
        slices().matching("io.millrace.service.(*)..")
                .should()
                .notDependOnEachOther()
                .check(server);
    }

    @Test
    void httpAndWireKnowNoService() {
        noClasses()
                .that()
                .resideInAnyPackage("io.millrace.http..", "io.millrace.wire..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.millrace.service..", "io.millrace.delivery..")
                .check(server);
    }

    @Test
    void nothingDependsOnTheCompositionRoot() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.millrace.app..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.millrace.app..")
                .check(server);
    }

    @Test
    void theEngineKnowsNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage("io.millrace.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.millrace.api..",
                        "io.millrace.http..",
                        "io.millrace.wire..",
                        "io.millrace.service..",
                        "io.millrace.delivery..",
                        "io.millrace.storage..")
                .check(server);
    }

    @Test
    void objectsKnowNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage("io.millrace.objects..")
                .should()
                .dependOnClassesThat(
                        DescribedPredicate.describe(
                                "are ours, elsewhere",
                                (JavaClass other) ->
                                        other.getPackageName().startsWith("io.millrace")
                                                && !other.getPackageName()
                                                        .startsWith("io.millrace.objects")))
                .check(server);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.millrace.(**)").should().beFreeOfCycles().check(server);
    }

    @Test
    void thereIsNoHiddenClockAndNoHiddenRandomness() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.millrace.app..")
                .should()
                .callMethodWhere(
                        DescribedPredicate.describe(
                                "it reads the clock or makes randomness",
                                (JavaMethodCall call) ->
                                        HIDDEN_INPUTS
                                                .getOrDefault(
                                                        call.getTargetOwner().getName(), Set.of())
                                                .contains(call.getName())))
                .check(server);
    }
}
