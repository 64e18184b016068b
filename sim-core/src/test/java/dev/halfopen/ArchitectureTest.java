package dev.halfopen;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the compiled core may use: the layers point down, and nothing in it can differ by run. */
class ArchitectureTest {
  private static final String[] SIMULATED = {
    "dev.halfopen.engine..",
    "dev.halfopen.net..",
    "dev.halfopen.tcp..",
    "dev.halfopen.app..",
    "dev.halfopen.metrics.."
  };
  private static final String[] PER_PACKET = {
    "dev.halfopen.engine..", "dev.halfopen.net..", "dev.halfopen.tcp.."
  };

  /** Read once, before the first packet: these may use what the rest may not. */
  private static final String CONFIGURATION = ".*(Builder|Profile|Options|Spec)(\\$.*)?";

  private static JavaClasses core;

  @BeforeAll
  static void importsCore() {
    core =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.halfopen");
  }

  @Test
  void importsPointDownOnly() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("dev.halfopen..")
        .withOptionalLayers(true)
        .ensureAllClassesAreContainedInArchitecture()
        .layer("world")
        .definedBy("dev.halfopen.world..")
        .layer("app")
        .definedBy("dev.halfopen.app..")
        .layer("tcp")
        .definedBy("dev.halfopen.tcp..")
        .layer("net")
        .definedBy("dev.halfopen.net..")
        .layer("engine")
        .definedBy("dev.halfopen.engine..")
        .layer("metrics")
        .definedBy("dev.halfopen.metrics..")
        .whereLayer("world")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("app")
        .mayOnlyBeAccessedByLayers("world")
        .whereLayer("tcp")
        .mayOnlyBeAccessedByLayers("world", "app")
        .whereLayer("net")
        .mayOnlyBeAccessedByLayers("world", "app", "tcp")
        .whereLayer("engine")
        .mayOnlyBeAccessedByLayers("world", "app", "tcp", "net")
        .whereLayer("metrics")
        .mayNotAccessAnyLayer()
        .check(core);
  }

  @Test
  void onlyTheEventLoopMovesTime() {
    noClasses()
        .that()
        .resideInAnyPackage(SIMULATED)
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.util\\.(Date|Calendar|GregorianCalendar|TimeZone|Timer)"
                + "|java\\.time\\.(Clock|Instant|ZoneId|LocalDate|LocalTime|LocalDateTime|"
                + "ZonedDateTime|OffsetDateTime)")
        .because("a wall clock or a time zone makes two runs of one seed differ")
        .check(core);
  }

  @Test
  void randomnessComesFromTheSeed() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.util\\.(Random|SplittableRandom|UUID|concurrent\\.ThreadLocalRandom)"
                + "|java\\.util\\.random\\..*|java\\.security\\.SecureRandom")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callMethod(System.class, "identityHashCode", Object.class)
        .because("engine's random streams are the only ones")
        .check(core);
  }

  @Test
  void arithmeticIsTheSameOnEveryJdk() {
    noClasses()
        .should()
        .callMethodWhere(
            describe(
                "a Math function that may differ in its last bit",
                (JavaMethodCall call) ->
                    call.getTargetOwner().isEquivalentTo(Math.class)
                        && Set.of(
                                "acos", "asin", "atan", "atan2", "cbrt", "cos", "cosh", "exp",
                                "expm1", "hypot", "log", "log10", "log1p", "pow", "sin", "sinh",
                                "tan", "tanh")
                            .contains(call.getTarget().getName())))
        .because("the JIT replaces them by its own; StrictMath's are exact")
        .check(core);
  }

  @Test
  void textIsTheSameInEveryLocale() {
    noClasses()
        .should()
        .callMethod(String.class, "format", String.class, Object[].class)
        .orShould()
        .callMethod(String.class, "formatted", Object[].class)
        .orShould()
        .callMethod(String.class, "toLowerCase")
        .orShould()
        .callMethod(String.class, "toUpperCase")
        .because("they use the default locale; pass Locale.ROOT")
        .check(core);
  }

  @Test
  void noHashIterationOrder() {
    noClasses()
        .that()
        .resideInAnyPackage(SIMULATED)
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.util\\.(HashMap|HashSet|Hashtable|IdentityHashMap|WeakHashMap"
                + "|concurrent\\.ConcurrentHashMap)(\\$.*)?")
        .because("order of iteration would reach results")
        .check(core);
  }

  @Test
  void eventsLieInTheCalendarOnly() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.util\\.(PriorityQueue|concurrent\\.PriorityBlockingQueue"
                + "|concurrent\\.DelayQueue|concurrent\\.ScheduledExecutorService)")
        .because("the engine's event queue and timer wheel are 15 times as fast and total in order")
        .check(core);
  }

  @Test
  void noStreams() {
    noClasses()
        .that()
        .resideInAnyPackage(SIMULATED)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.util.stream..")
        .because("they allocate")
        .check(core);
  }

  @Test
  void noCollectionsWherePacketsPass() {
    noClasses()
        .that()
        .resideInAnyPackage(PER_PACKET)
        .and()
        .haveNameNotMatching(CONFIGURATION)
        .should()
        .dependOnClassesThat(
            describe(
                "java.util maps, sets and queues",
                (JavaClass type) ->
                    type.getPackageName().startsWith("java.util")
                        && (type.isAssignableTo("java.util.Map")
                            || type.isAssignableTo("java.util.Set")
                            || type.isAssignableTo("java.util.Queue"))))
        .because("they box and chase pointers: record tables, arrays or Agrona's primitive maps")
        .check(core);
  }

  @Test
  void noBoxingWherePacketsPass() {
    noClasses()
        .that()
        .resideInAnyPackage(PER_PACKET)
        .and()
        .haveNameNotMatching(CONFIGURATION)
        .should()
        .callMethodWhere(boxing().and(outsideOfToString()))
        .because("it allocates")
        .check(core);
  }

  @Test
  void noStaticMutableState() {
    fields()
        .that()
        .areStatic()
        .should()
        .beFinal()
        .because("worlds run side by side in one process")
        .check(core);
    noFields()
        .that()
        .areStatic()
        .and(isNoConstant())
        .should()
        .haveRawType(
            assignableTo("java.util.concurrent.atomic.AtomicInteger")
                .or(assignableTo("java.util.concurrent.atomic.AtomicLong"))
                .or(assignableTo("java.util.concurrent.atomic.AtomicBoolean"))
                .or(assignableTo("java.util.concurrent.atomic.AtomicReference"))
                .or(assignableTo("java.lang.ThreadLocal"))
                .or(assignableTo("java.lang.StringBuilder")))
        .because("final does not make them constant")
        .check(core);
    noFields()
        .that()
        .areStatic()
        .and(isNoConstant())
        .and()
        .arePublic()
        .should()
        .haveRawType(describe("arrays", JavaClass::isArray))
        .because("anyone could write into them")
        .check(core);
  }

  private static DescribedPredicate<JavaMethodCall> boxing() {
    return describe(
        "boxing",
        call ->
            call.getTarget().getName().equals("valueOf")
                && call.getTarget().getRawParameterTypes().size() == 1
                && call.getTarget().getRawParameterTypes().get(0).isPrimitive()
                && call.getTargetOwner().isAssignableTo(Comparable.class)
                && !call.getTargetOwner().isEquivalentTo(String.class));
  }

  private static DescribedPredicate<JavaMethodCall> outsideOfToString() {
    return describe("outside of toString", call -> !call.getOrigin().getName().equals("toString"));
  }

  private static DescribedPredicate<JavaField> isNoConstant() {
    return describe(
        "not made by the compiler",
        field -> !field.getModifiers().contains(JavaModifier.SYNTHETIC));
  }
}
