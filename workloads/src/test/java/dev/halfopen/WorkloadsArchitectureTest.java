package dev.halfopen;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.PrintStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The program above the core: files and terminals stay out of scenarios, and all of it out of the
 * core.
 */
class WorkloadsArchitectureTest {
  private static final String SCENARIO = "dev.halfopen.scenario..";
  private static final String CATALOG = "dev.halfopen.catalog..";
  private static final String REPORT = "dev.halfopen.report..";
  private static final String CLI = "dev.halfopen.cli..";

  private static JavaClasses program;

  @BeforeAll
  static void importsProgramAndCore() {
    program =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.halfopen");
  }

  @Test
  void coreKnowsNothingOfTheProgram() {
    noClasses()
        .that()
        .resideOutsideOfPackages(SCENARIO, CATALOG, REPORT, CLI)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(SCENARIO, CATALOG, REPORT, CLI)
        .check(program);
  }

  @Test
  void scenariosAreRunWithoutReportOrCommandLine() {
    noClasses()
        .that()
        .resideInAnyPackage(SCENARIO, CATALOG)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(REPORT, CLI)
        .check(program);
  }

  @Test
  void reportsAreWrittenWithoutCommandLine() {
    noClasses()
        .that()
        .resideInAPackage(REPORT)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(CLI)
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(program);
  }

  @Test
  void textIsTheSameInEveryLocale() {
    noClasses()
        .should()
        .callMethod(String.class, "format", String.class, Object[].class)
        .orShould()
        .callMethod(String.class, "formatted", Object[].class)
        .orShould()
        .callMethod(PrintStream.class, "printf", String.class, Object[].class)
        .orShould()
        .callMethod(PrintStream.class, "format", String.class, Object[].class)
        .orShould()
        .callMethod(String.class, "toLowerCase")
        .orShould()
        .callMethod(String.class, "toUpperCase")
        .because("they use the default locale; pass Locale.ROOT")
        .check(program);
  }

  @Test
  void noStaticMutableState() {
    fields()
        .that()
        .areStatic()
        .should()
        .beFinal()
        .because("tests and sweeps run worlds side by side in one process")
        .check(program);
  }
}
