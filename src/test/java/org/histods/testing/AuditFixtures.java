package org.histods.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.histods.audit.finding.Audit;
import org.histods.audit.finding.AuditedDataset;
import org.histods.audit.finding.AuditedDataset.Selection;
import org.histods.audit.finding.AuditedDataset.State;
import org.histods.audit.finding.FilePosition;
import org.histods.audit.finding.Finding;
import org.histods.audit.finding.Overlap;
import org.histods.audit.finding.Overlap.Certainty;
import org.histods.audit.finding.Overlap.Common;
import org.histods.audit.finding.Overlap.CommonFile;
import org.histods.audit.finding.Overlap.CommonPatient;
import org.histods.audit.finding.Severity;
import org.histods.audit.report.AuditReport;
import org.histods.audit.report.ReportContext;
import org.histods.catalogue.Catalogue;
import org.histods.catalogue.LineageGraph;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Fingerprint;
import org.histods.manifest.Lineage.Shared;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.problem.Problem;
import org.histods.project.Lock.Content;
import org.jspecify.annotations.Nullable;

/** Audits for tests of reports, with datasets of the catalogue. */
public final class AuditFixtures {

    private static final Catalogue CATALOGUE = new Catalogue(Path.of("manifests"), new ManifestReader());

    public static final String PRINT = "ab".repeat(32);

    private AuditFixtures() {}

    /** An audit, and the context of its reports. */
    public record ReportFixture(Audit audit, ReportContext context) {

        public String as(String format) {
            return AuditReport.all(context).stream()
                    .filter(r -> r.format().equals(format))
                    .findFirst()
                    .orElseThrow()
                    .render(audit);
        }

        public ReportFixture with(List<AuditedDataset> datasets) {
            return new ReportFixture(
                    new Audit(audit.project(), null, null, datasets, List.of(), List.of(), List.of()), context);
        }
    }

    public static AuditedDataset dataset(String name, Manifest manifest, @Nullable String print, String... roles) {
        return new AuditedDataset(
                name,
                new Selection(manifest.version(), null, List.of()),
                List.of(roles),
                new State(true, true, print != null),
                print == null ? null : new Content(new Fingerprint(print), 60, 120_000_000),
                print == null ? null : 30L,
                manifest,
                List.of("histods.yaml:3: id: " + manifest.id()),
                List.of(new FilePosition("histods.yaml", "3")));
    }

    private static AuditedDataset known(String id, @Nullable String print, String... roles) throws Problem {
        return dataset(id, CATALOGUE.get(id).manifest(), print, roles);
    }

    /** Two datasets cut from the same slides, one that is only likely to be, one that nobody declared. */
    public static ReportFixture leaky() throws Problem {
        LineageGraph lineages = CATALOGUE.lineages();
        Manifest lizard = CATALOGUE.get("lizard").manifest();
        List<AuditedDataset> datasets = List.of(
                known("kumar-2017", PRINT, "train"),
                new AuditedDataset(
                        "monuseg-test",
                        new Selection(new DatasetVersion("unversioned"), null, List.of("test", "more/**")),
                        List.of("test"),
                        new State(true, true, true),
                        new Content(new Fingerprint("cd".repeat(32)), 28, 56_000_000),
                        14L,
                        CATALOGUE.get("monuseg").manifest(),
                        List.of("histods.yaml:5: id: monuseg", "train.py:12: data/monuseg-test"),
                        List.of(new FilePosition("histods.yaml", "3"))),
                known("pannuke", null, "pretrain", "teacher"),
                new AuditedDataset(
                        "lizard",
                        new Selection(lizard.version(), null, List.of()),
                        List.of(),
                        new State(false, true, false),
                        null,
                        null,
                        lizard,
                        List.of("eval.py:40: \"lizard\""),
                        List.of(new FilePosition("eval.py", "40"))));
        List<Overlap> overlaps = List.of(
                new Overlap(
                        "kumar-2017",
                        "monuseg-test",
                        Shared.FILES,
                        Certainty.SEEN,
                        lineages.overlaps(new DatasetId("kumar-2017"), new DatasetId("monuseg")),
                        Common.of(
                                List.of(new CommonFile(
                                        "0".repeat(64), "Images/TCGA-18-5592.tif", "test/TCGA-18-5592.tif")),
                                true),
                        Common.of(patients(7), true)),
                new Overlap(
                        "kumar-2017",
                        "pannuke",
                        Shared.PATIENTS,
                        Certainty.POSSIBLE,
                        lineages.overlaps(new DatasetId("kumar-2017"), new DatasetId("pannuke")),
                        Common.of(List.of(), false),
                        Common.of(List.of(), false)),
                new Overlap(
                        "lizard",
                        "pannuke",
                        Shared.SLIDES,
                        Certainty.LIKELY,
                        lineages.overlaps(new DatasetId("lizard"), new DatasetId("pannuke")),
                        Common.of(List.of(), false),
                        Common.of(List.of(), false)));
        List<Finding> findings = List.of(
                new Finding(
                        "shared-patients",
                        Severity.ERROR,
                        List.of("kumar-2017", "monuseg-test"),
                        "7 patients of the test set monuseg-test are in the training set kumar-2017.",
                        List.of("TCGA-00-0000 has 1 file in kumar-2017 and 2 in monuseg-test", "6 more"),
                        "Leave these patients out of the training set, or test on another dataset.",
                        List.of(),
                        null),
                new Finding(
                        "undeclared",
                        Severity.WARNING,
                        List.of("lizard"),
                        "The code uses lizard, which histods.yaml does not declare.",
                        List.of("eval.py:40: \"lizard\""),
                        "Run `histods add lizard --role ROLE`.",
                        List.of(),
                        null),
                new Finding(
                        "licence-noncommercial",
                        Severity.WARNING,
                        List.of("monuseg-test"),
                        "The licence of monuseg-test allows no commercial use.",
                        List.of("the manifest of monuseg says CC-BY-NC-SA-4.0"),
                        "Say in histods.yaml what the work is for.",
                        List.of(),
                        "We publish a paper, no product."),
                new Finding(
                        "unversioned",
                        Severity.NOTE,
                        List.of("monuseg-test"),
                        "Upstream gives monuseg no version.",
                        List.of("the manifest of monuseg"),
                        "Keep histods.lock.",
                        List.of(),
                        null));
        Audit audit = new Audit(
                "nuclei",
                "research",
                "sha256:" + "ef".repeat(32),
                datasets,
                overlaps,
                findings,
                List.of("pannuke is not pulled: its files could not be compared"));
        return new ReportFixture(audit, new ReportContext(lineages, "0.1.0", ""));
    }

    static List<CommonPatient> patients(int number) {
        List<CommonPatient> patients = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            String id = String.format(java.util.Locale.ROOT, "TCGA-%02d-%04d", i / 100, i);
            patients.add(new CommonPatient(id, 1 + i % 3, 2, "Images/" + id + "-01Z.tif", "test/" + id + ".tif"));
        }
        return patients;
    }

    /** The whole catalogue as one project, each dataset declared and locked. */
    public static ReportFixture everything() throws Problem {
        List<AuditedDataset> datasets = new ArrayList<>();
        for (ManifestFile file : CATALOGUE.all()) {
            datasets.add(dataset(file.manifest().id().text(), file.manifest(), PRINT, "train"));
        }
        Audit audit = new Audit("all", null, null, datasets, List.of(), List.of(), List.of());
        return new ReportFixture(audit, new ReportContext(CATALOGUE.lineages(), "0.1.0", ""));
    }

    /** A hundred datasets, and two of them with ten thousand patients in common. */
    public static ReportFixture large() throws Problem {
        LineageGraph lineages = CATALOGUE.lineages();
        List<AuditedDataset> datasets = new ArrayList<>();
        for (ManifestFile file : CATALOGUE.all().subList(0, 100)) {
            String role = datasets.size() % 4 == 3 ? "test" : "train";
            datasets.add(dataset(file.manifest().id().text(), file.manifest(), PRINT, role));
        }
        List<Overlap> overlaps = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < datasets.size(); i++) {
            for (int k = i + 1; k < datasets.size(); k++) {
                String a = datasets.get(i).name();
                String b = datasets.get(k).name();
                List<LineageGraph.Chain> chains = lineages.overlaps(new DatasetId(a), new DatasetId(b));
                if (chains.isEmpty()) {
                    continue;
                }
                boolean first = overlaps.isEmpty();
                LineageGraph.Chain best = chains.get(0);
                Certainty certainty = first
                        ? Certainty.SEEN
                        : Certainty.valueOf(best.certainty().name());
                List<CommonPatient> patients = first ? patients(10_000) : List.of();
                overlaps.add(new Overlap(
                        a,
                        b,
                        best.shares(),
                        certainty,
                        chains,
                        Common.of(List.of(), first),
                        new Common<>(patients, patients.size(), first)));
                findings.add(new Finding(
                        "shared-patients",
                        first ? Severity.ERROR : Severity.NOTE,
                        List.of(a, b),
                        a + " and " + b + " may share patients.",
                        List.of(best.toString()),
                        "Look.",
                        List.of(),
                        null));
            }
        }
        Audit audit = new Audit("large", null, null, datasets, overlaps, findings, List.of());
        return new ReportFixture(audit, new ReportContext(lineages, "0.1.0", ""));
    }

    static final String EVIL = "</script><script>window.broken=1</script><img src=x onerror=\"window.broken=2\">"
            + "'\"&{{script}}$1 \u202egnp.exe\u2069 \u05e9\u05dc\u05d5\u05dd <!-- ]]> `<b id=broken>` \u0007 \ud800";

    /** An audit in which every text tries to be markup. */
    public static ReportFixture hostile() throws Problem {
        ReportFixture leaky = leaky();
        Manifest manifest = new ManifestReader()
                .read(
                        "id: evil\ntitle: \"<b id=broken>\\u202e\"\nversion: \"1\"\nlicense: { name: '<i id=broken>', doubt:"
                                + " '<script>window.broken=7</script>' }\naccess: { status: open }\nsources: []\nlineage:\n"
                                + "  - { outside: '<svg onload=window.broken=8>', relation: derived-from, evidence: '<u id=broken>' }\n",
                        "evil",
                        new DatasetId("evil"))
                .manifest();
        AuditedDataset evil = new AuditedDataset(
                EVIL,
                new Selection(new DatasetVersion("1"), EVIL, List.of(EVIL)),
                List.of(EVIL, "train"),
                new State(true, true, true),
                new Content(new Fingerprint(PRINT), 2, 2),
                2L,
                manifest,
                List.of(EVIL),
                List.of(new FilePosition(EVIL, EVIL)));
        LineageGraph lineages = new LineageGraph(List.of(manifest));
        Overlap overlap = new Overlap(
                EVIL,
                "kumar-2017",
                Shared.FILES,
                Certainty.SEEN,
                lineages.related(new DatasetId("evil")),
                Common.of(List.of(new CommonFile(EVIL, EVIL, EVIL)), true),
                Common.of(List.of(new CommonPatient(EVIL, 1, 1, EVIL, EVIL)), true));
        Finding finding = new Finding(EVIL, Severity.ERROR, List.of(EVIL), EVIL, List.of(EVIL), EVIL, List.of(), null);
        Finding accepted = new Finding(EVIL, Severity.NOTE, List.of(EVIL), EVIL, List.of(EVIL), EVIL, List.of(), EVIL);
        Audit audit = new Audit(
                EVIL,
                EVIL,
                EVIL,
                List.of(evil, leaky.audit().datasets().get(0)),
                List.of(overlap),
                List.of(finding, accepted),
                List.of(EVIL));
        return new ReportFixture(audit, new ReportContext(lineages, EVIL, ""));
    }

    /** A project that uses nothing. */
    public static ReportFixture empty() {
        Audit audit = new Audit("empty", null, null, List.of(), List.of(), List.of(), List.of());
        return new ReportFixture(audit, new ReportContext(new LineageGraph(List.of()), "0.1.0", ""));
    }
}
