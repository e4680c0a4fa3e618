package org.histods;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.histods.testing.ProgramClasses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The package layers of {@code docs/design.md}: a package imports only packages below it. */
final class PackageDirectionTest {

    private static final String ROOT = "org.histods";
    private static final JavaClasses CLASSES = ProgramClasses.ALL;

    /** Each package and the packages of histods that it may import; every package must be here. */
    private static final Map<String, String> MAY_IMPORT = table();

    static final List<String> PACKAGES = List.copyOf(MAY_IMPORT.keySet());

    private static Map<String, String> table() {
        Map<String, String> table = new LinkedHashMap<>();
        table.put("problem", "");
        table.put("text", "");
        table.put("html", "text");
        table.put("csv", "problem");
        table.put("digest", "text");
        table.put("dataset", "digest problem");
        table.put("yaml", "dataset problem text");
        table.put("concurrent", "problem");
        table.put("transport", "concurrent problem text");
        table.put("credentials", "problem transport yaml");
        table.put("settings", "problem transport yaml");
        table.put("manifest", "dataset digest problem text yaml");
        table.put("catalogue", "dataset digest html manifest problem text yaml");
        table.put("mirror", "concurrent dataset digest problem text");
        table.put("source", "concurrent credentials dataset digest manifest problem text transport");
        table.put("unpack", "concurrent digest problem");
        table.put("fetch", "concurrent digest mirror problem source text transport");
        // A fetched file is a source's remote file, so its record names what the source stated.
        table.put("provenance", "concurrent dataset digest fetch html manifest mirror problem source text unpack yaml");
        table.put(
                "pull",
                "concurrent dataset digest fetch manifest mirror problem provenance source text transport unpack");
        table.put(
                "objectstore",
                "concurrent credentials dataset digest mirror problem provenance pull settings source text transport");
        table.put("project", "concurrent dataset digest manifest mirror problem provenance text yaml");
        table.put("audit", "catalogue csv dataset digest html manifest mirror problem project provenance text");
        table.put("split", "csv digest manifest problem text");
        table.put("serve", "concurrent dataset digest html mirror problem provenance text");
        table.put("image", "concurrent problem");
        table.put("demo", "dataset digest problem");
        table.put(
                "cli",
                "audit catalogue credentials csv dataset demo digest fetch html image manifest mirror objectstore problem project provenance pull"
                        + " serve settings source split text transport unpack yaml");
        return table;
    }

    @ParameterizedTest
    @FieldSource("PACKAGES")
    void package_namesOnlyWhatIsBelowIt(String name) {
        List<String> allowed = new ArrayList<>();
        allowed.add(ROOT + "." + name + "..");
        for (String below : String.valueOf(MAY_IMPORT.get(name)).split(" ")) {
            if (!below.isEmpty()) {
                allowed.add(ROOT + "." + below + "..");
            }
        }
        DescribedPredicate<JavaClass> ours = JavaClass.Predicates.resideInAPackage(ROOT + "..");
        DescribedPredicate<JavaClass> below = JavaClass.Predicates.resideInAnyPackage(allowed.toArray(String[]::new));
        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + name + "..")
                .should()
                .dependOnClassesThat(ours.and(DescribedPredicate.not(below)))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void everyPackage_isInTheTable() {
        TreeSet<String> unknown = new TreeSet<>();
        for (JavaClass one : CLASSES) {
            assertNotNull(one.getPackageName());
            String[] parts = one.getPackageName().split("\\.");
            String name = parts.length > 2 ? parts[2] : "(the root)";
            if (!MAY_IMPORT.containsKey(name)) {
                unknown.add(name);
            }
        }
        assertEquals(new TreeSet<String>(), unknown);
    }

    @Test
    void everyAllowedImport_exists() {
        Map<String, Set<String>> allowed = new TreeMap<>();
        MAY_IMPORT.forEach((name, below) -> allowed.put(name, words(below)));
        Map<String, Set<String>> used = new TreeMap<>();
        for (JavaClass one : CLASSES) {
            Set<String> names = used.computeIfAbsent(top(one), name -> new TreeSet<>());
            for (Dependency dependency : one.getDirectDependenciesFromSelf()) {
                String other = top(dependency.getTargetClass());
                if (!other.isEmpty() && !other.equals(top(one))) {
                    names.add(other);
                }
            }
        }
        assertEquals(allowed, used);
    }

    private static Set<String> words(String text) {
        return text.isEmpty() ? new TreeSet<>() : new TreeSet<>(List.of(text.split(" ", -1)));
    }

    /** The package below the root that a class is in; empty for a class of a library. */
    private static String top(JavaClass one) {
        String prefix = ROOT + ".";
        String name = one.getPackageName() + ".";
        return name.startsWith(prefix) ? name.substring(prefix.length()).replaceFirst("\\..*", "") : "";
    }

    @Test
    void topLevelClasses_haveDifferentSimpleNames() {
        Map<String, Set<String>> packages = new TreeMap<>();
        for (JavaClass one : CLASSES) {
            if (one.isTopLevelClass() && !one.getSimpleName().equals("package-info")) {
                packages.computeIfAbsent(one.getSimpleName(), name -> new TreeSet<>())
                        .add(one.getPackageName());
            }
        }
        packages.values().removeIf(names -> names.size() == 1);
        assertEquals(Map.of(), packages);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    /** The packages of {@code source} that are not one kind of host. */
    private static final Set<String> SHARED_BY_SOURCES = Set.of("all", "listing");

    /** The hosts that another host is built on: IDC keeps its files in S3 and its lists of series in Zenodo. */
    private static final Map<String, Set<String>> MAY_USE_HOSTS = Map.of("idc", Set.of("s3", "zenodo"));

    @Test
    void hosts_areNamedBySourceAllOnly() {
        Map<String, Set<String>> used = new TreeMap<>();
        ArchCondition<JavaClass> nameNoHost = new ArchCondition<>("name no host's package but its own") {
            @Override
            public void check(JavaClass one, ConditionEvents events) {
                String own = host(one);
                Set<String> allowed = MAY_USE_HOSTS.getOrDefault(own, Set.of());
                for (Dependency dependency : one.getDirectDependenciesFromSelf()) {
                    String other = host(dependency.getTargetClass());
                    if (other.isEmpty() || other.equals(own)) {
                        continue;
                    }
                    if (allowed.contains(other)) {
                        used.computeIfAbsent(own, name -> new TreeSet<>()).add(other);
                    } else {
                        events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                    }
                }
            }
        };
        classes()
                .that()
                .resideOutsideOfPackage(ROOT + ".source.all..")
                .should(nameNoHost)
                .check(CLASSES);
        assertEquals(MAY_USE_HOSTS, used);
    }

    /** The folder below {@code source} that a class is in; empty for one that is not in a host's. */
    private static String host(JavaClass one) {
        String prefix = ROOT + ".source.";
        String name = one.getPackageName();
        String folder =
                name.startsWith(prefix) ? name.substring(prefix.length()).replaceFirst("\\..*", "") : "";
        return SHARED_BY_SOURCES.contains(folder) ? "" : folder;
    }

    /** The subpackages of audit, each of which may name those before it. */
    private static final List<String> AUDIT = List.of("finding", "evidence", "rules", "report");

    @Test
    void audit_goesFromFindingsOverEvidenceAndRulesToReports() {
        for (int i = 0; i < AUDIT.size(); i++) {
            String[] after = AUDIT.subList(i + 1, AUDIT.size()).stream()
                    .map(name -> ROOT + ".audit." + name + "..")
                    .toArray(String[]::new);
            if (after.length > 0) {
                noClasses()
                        .that()
                        .resideInAPackage(ROOT + ".audit." + AUDIT.get(i) + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(after)
                        .check(CLASSES);
            }
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + ".audit." + AUDIT.get(i) + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(ROOT + ".audit")
                    .check(CLASSES);
        }
    }

    @Test
    void provenance_isBelowItsIndexExportsAndReceivedBags() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".provenance")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + ".provenance.index..", ROOT + ".provenance.export..", ROOT + ".provenance.received..")
                .check(CLASSES);
        slices().matching(ROOT + ".provenance.(*)..")
                .should()
                .notDependOnEachOther()
                .check(CLASSES);
    }

    @Test
    void pull_isAboveFilesAtHand_hostsOfToday_andOtherMirrors() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".pull.local..", ROOT + ".pull.upstream..", ROOT + ".pull.remote..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".pull")
                .check(CLASSES);
        slices().matching(ROOT + ".pull.(*)..").should().notDependOnEachOther().check(CLASSES);
    }

    @Test
    void commandFamilies_useTheShellAndNotEachOther() {
        String cli = ROOT + ".cli";
        noClasses()
                .that()
                .resideInAPackage(cli + ".shell..")
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAPackage(cli + "..")
                        .and(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage(cli + ".shell.."))))
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(cli + ".*..")
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAPackage(cli))
                .check(CLASSES);
        for (String family : List.of("catalogue", "mirror", "project", "setup")) {
            noClasses()
                    .that()
                    .resideInAPackage(cli + "." + family)
                    .should()
                    .dependOnClassesThat(JavaClass.Predicates.resideInAPackage(cli + "..")
                            .and(DescribedPredicate.not(
                                    JavaClass.Predicates.resideInAnyPackage(cli + "." + family, cli + ".shell"))))
                    .check(CLASSES);
        }
    }

    @Test
    void libraries_areNamedOnlyWhereTheyBelong() {
        onlyIn(List.of("transport"), "okhttp3..", "okio..", "org.apache.commons.net..");
        onlyIn(
                List.of("unpack"),
                "org.apache.commons.compress..",
                "org.tukaani.xz..",
                "io.airlift..",
                "com.github.luben..");
        onlyIn(List.of("csv"), "org.apache.commons.csv..");
        onlyIn(List.of("cli"), "picocli..");
        onlyIn(
                List.of(
                        "audit",
                        "cli",
                        "credentials",
                        "dataset",
                        "manifest",
                        "mirror",
                        "project",
                        "provenance",
                        "source",
                        "split",
                        "yaml"),
                "tools.jackson..",
                "com.fasterxml.jackson..");
        onlyIn(List.of("objectstore"), "software.amazon.awssdk..");
        onlyIn(List.of("manifest"), "com.networknt..");
        onlyIn(List.of("source"), "org.jsoup..");
        // All YAML is read by package yaml; manifests are also written.
        onlyIn(List.of("yaml", "manifest"), "tools.jackson.dataformat..", "org.snakeyaml..");
    }

    private static void onlyIn(List<String> homes, String... libraries) {
        String[] packages = homes.stream().map(p -> ROOT + "." + p + "..").toArray(String[]::new);
        classes()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackages(libraries)
                .check(CLASSES);
        DescribedPredicate<JavaClass> library = JavaClass.Predicates.resideInAnyPackage(libraries);
        Set<String> users = new TreeSet<>();
        for (JavaClass one : CLASSES) {
            if (one.getDirectDependenciesFromSelf().stream().anyMatch(d -> library.test(d.getTargetClass()))) {
                users.add(top(one));
            }
        }
        assertEquals(new TreeSet<>(homes), users);
    }

    @Test
    void standardStreams_areTouchedByMainOnly() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + ".cli.Main")
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .check(CLASSES);
    }
}
