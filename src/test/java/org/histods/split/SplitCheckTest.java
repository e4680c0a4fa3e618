package org.histods.split;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.manifest.PathPattern;
import org.histods.manifest.PatientRule;
import org.histods.problem.Problem;
import org.junit.jupiter.api.Test;

/** Verdicts on splits: when patients are proven to be apart, and when not. */
final class SplitCheckTest {

    private final Map<FilePath, Checksum> files = new TreeMap<>();

    private SplitCheck check() {
        return new SplitCheck(
                files,
                Patients.of(new PatientRule(PathPattern.of("(?<id>p[0-9]+)_"), "patient", List.of(), null)),
                "patient");
    }

    private void file(String path, String content) {
        files.put(new FilePath(path), Hasher.sha256(content));
    }

    private static List<FilePath> paths(String... paths) {
        return Arrays.stream(paths).map(FilePath::new).toList();
    }

    private static SplitListing listing(String... splitsAndNames) {
        List<SplitEntry> entries = new ArrayList<>();
        for (int i = 0; i < splitsAndNames.length; i += 2) {
            entries.add(new SplitEntry(splitsAndNames[i], splitsAndNames[i + 1], null, "list:" + i));
        }
        return SplitListing.of(entries);
    }

    private static SplitReport report(SplitCheck check, String... splitsAndNames) throws Problem {
        check.add(listing(splitsAndNames), file -> List.of());
        return check.report();
    }

    @Test
    void patientsInOneSplitEach_areApart_andCounted() {
        file("p1_a.png", "1");
        file("p1_b.png", "2");
        file("p2_a.png", "3");
        SplitCheck check = check();
        check.add("train", paths("p1_a.png", "p1_b.png"));
        check.add("test", paths("p2_a.png"));
        SplitReport report = check.report();
        assertEquals(SplitReport.Verdict.APART, report.verdict());
        assertEquals(List.of(new SplitReport.Size("train", 2, 1), new SplitReport.Size("test", 1, 1)), report.splits());
        assertEquals(List.of(), report.leaks().patients());
    }

    @Test
    void sameContentUnderTwoNames_isALeak_butEmptyFilesAreNot() {
        file("p1_a.png", "same");
        file("p2_a.png", "same");
        file("p1_empty.txt", "");
        file("p2_empty.txt", "");
        SplitCheck check = check();
        check.add("train", paths("p1_a.png", "p1_empty.txt"));
        check.add("test", paths("p2_a.png", "p2_empty.txt"));
        SplitReport report = check.report();
        assertEquals(SplitReport.Verdict.NOT_APART, report.verdict());
        assertEquals(1, report.leaks().sameContent().size());
        assertEquals(
                Map.of("train", List.of("p1_a.png"), "test", List.of("p2_a.png")),
                report.leaks().sameContent().get(0).files());
        assertEquals(List.of(), report.leaks().files());
        assertEquals(List.of(), report.leaks().patients());
    }

    @Test
    void fileInTwoSplits_isNamedAsAFile_notAsContentUnderTwoNames() {
        file("p1_a.png", "1");
        file("p2_a.png", "2");
        SplitCheck check = check();
        check.add("train", paths("p1_a.png", "p2_a.png"));
        check.add("test", paths("p1_a.png"));
        SplitReport report = check.report();
        assertEquals(SplitReport.Verdict.NOT_APART, report.verdict());
        assertEquals("p1_a.png", report.leaks().files().get(0).what());
        assertEquals(1, report.leaks().files().size());
        assertEquals("p1", report.leaks().patients().get(0).what());
        assertEquals(List.of(), report.leaks().sameContent());
    }

    @Test
    void fileWithoutAPatient_leavesTheSplitUnproven() {
        file("p1_a.png", "1");
        file("p2_a.png", "2");
        file("other.png", "3");
        SplitCheck check = check();
        check.add("train", paths("p1_a.png", "other.png"));
        check.add("test", paths("p2_a.png"));
        SplitReport report = check.report();
        assertEquals(SplitReport.Verdict.NOT_PROVEN, report.verdict());
        assertEquals(List.of("other.png"), report.unchecked().unread());
    }

    @Test
    void splitWithoutAFile_orOnlyOneSplit_provesNothing() {
        file("p1_a.png", "1");
        SplitCheck empty = check();
        empty.add("train", paths("p1_a.png"));
        empty.add("test", List.of());
        assertEquals(
                List.of("the split test has no file of the dataset"),
                empty.report().unchecked().reasons());
        SplitCheck one = check();
        one.add("train", paths("p1_a.png"));
        assertEquals(
                List.of("there is only one split, so nothing to keep apart"),
                one.report().unchecked().reasons());
        assertEquals(
                List.of("no file is listed in any split"),
                check().report().unchecked().reasons());
    }

    @Test
    void listedPatient_standsForAllItsFiles_alsoWhereTheyLeak() throws Problem {
        file("p1_a.png", "1");
        file("p1_b.png", "2");
        file("p2_a.png", "3");
        SplitReport apart = report(check(), "train", "p1", "test", "p2");
        assertEquals(SplitReport.Verdict.APART, apart.verdict());
        assertTrue(apart.notes().get(0).startsWith("2 names taken as a patient"), apart.notes()::toString);
        SplitReport leak = report(check(), "train", "p1", "test", "p1_b.png", "test", "p2");
        assertEquals("p1", leak.leaks().patients().get(0).what());
    }

    @Test
    void nameThatFitsFilesOfSeveralPatients_isAmbiguous_andOfOnePatientIsNot() throws Problem {
        file("x/p1_a/tile.png", "1");
        file("y/p2_a/tile.png", "2");
        file("p3_a.png", "3");
        SplitReport several = report(check(), "train", "tile.png", "test", "p3_a.png");
        assertEquals(List.of("tile.png (list:0)"), several.unchecked().ambiguous());
        files.clear();
        file("x/p1_a/tile.png", "1");
        file("y/p1_a/tile.png", "2");
        file("p3_a.png", "3");
        SplitReport one = report(check(), "train", "tile.png", "test", "p3_a.png");
        assertEquals(SplitReport.Verdict.APART, one.verdict());
        assertEquals(2, one.splits().get(0).files());
    }

    @Test
    void lineWithAHash_isACommentUnlessAFileIsCalledSo() throws Problem {
        file("p1_a.png", "1");
        file("#p2_a.png", "2");
        SplitReport report = report(check(), "train", "p1_a.png", "test", "#p2_a.png", "test", "# all others");
        assertEquals(SplitReport.Verdict.APART, report.verdict());
        assertEquals(List.of("1 line beginning with # taken as a comment"), report.notes());
    }

    @Test
    void fileOfAFolderThatTheDatasetHasNot_isMissing() throws Problem {
        file("p1_a.png", "1");
        file("p2_a.png", "2");
        SplitCheck check = check();
        check.add(
                SplitListing.of(List.of(
                        new SplitEntry("train", "p1", Path.of("own/p1"), "folder"),
                        new SplitEntry("test", "b", Path.of("own/b"), "folder"))),
                file -> file.endsWith("b") ? List.of("p2_a.png") : List.of());
        SplitReport report = check.report();
        assertEquals(List.of("p1 (folder)"), report.unchecked().missing());
        assertEquals(SplitReport.Verdict.NOT_PROVEN, report.verdict());
    }
}
