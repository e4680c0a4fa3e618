package org.histods.pull;

import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.source;
import static org.histods.testing.SparseZip.noise;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.histods.digest.FilePath;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagVerifier;
import org.histods.provenance.JournalVerifier;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shared mirror below the user's own: its datasets are found, and nothing is ever written to it. */
final class SharedMirrorTest {

    private static final byte[] SLIDE = noise(50_000, 1);
    private static final byte[] LABELS = noise(1000, 2);

    @TempDir
    Path temp;

    private PullFixture lab;
    private PullFixture mine;
    private Bag ofLab;
    private Map<String, Object> before;

    @BeforeEach
    void open() throws Exception {
        lab = new PullFixture(temp.resolve("lab"));
        mine = new PullFixture(temp.resolve("mine"));
        mine.faulty = root -> new Mirror(root, List.of(lab.root), OwnerProcess.self("test"), true, Clock.systemUTC());
        for (PullFixture one : List.of(lab, mine)) {
            one.origin.put("/one.example/slide.svs", SLIDE);
            one.origin.put("/one.example/labels.csv", LABELS);
        }
        ofLab = lab.pull(version("1", LABELS)).bag();
        before = tree();
    }

    @AfterEach
    void close() throws IOException {
        assertEquals(before, tree());
        lab.close();
        mine.close();
    }

    private static ManifestFile version(String version, byte[] labels) throws Problem {
        return new ManifestReader()
                .read(
                        "id: toy\ntitle: A toy\nversion: \"" + version
                                + "\"\nlicense: { spdx: CC0-1.0 }\naccess: { status: open }\nsources:\n"
                                + source(
                                        "one.example",
                                        pin("slide.svs", SLIDE, "md5"),
                                        pin("labels.csv", labels, "md5")),
                        "toy.yaml",
                        null);
    }

    /** Every file and folder of the lab's mirror with its times and mode. */
    private Map<String, Object> tree() throws IOException {
        Map<String, Object> tree = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(lab.root)) {
            for (Path path : walk.toList()) {
                tree.put(path.toString(), Files.readAttributes(path, "unix:size,lastModifiedTime,ctime,mode,nlink"));
            }
        }
        return tree;
    }

    @Test
    void whatTheLabHas_isNotFetched_andIsVerifiedByItsJournal() throws Exception {
        Puller.Result result = mine.pull(version("1", LABELS));
        assertFalse(result.changed());
        assertEquals(ofLab.ref().path(), result.bag().ref().path());
        assertEquals(List.of(), result.touched());
        Mirror mirror = mine.mirror();
        assertEquals(List.of(ofLab.ref()), mirror.bags());
        assertFalse(mirror.owns(ofLab.ref()));
        assertTrue(mine.verify(result.bag(), BagVerifier.Level.FULL).ok());
        assertEquals(null, JournalVerifier.of(mirror).fault(ofLab.ref()));
        assertEquals(0, mine.origin.calls().size());
    }

    @Test
    void aNewVersion_copiesWhatTheLabHas_andFetchesTheRest() throws Exception {
        byte[] labels = noise(1100, 3);
        mine.origin.put("/one.example/labels.csv", labels);
        Puller.Result result = mine.pull(version("2", labels));
        assertEquals(1100, result.transferred());
        assertTrue(mine.mirror().owns(result.bag().ref()));
        assertFalse(Files.isSameFile(
                ofLab.ref().data().resolve("slide.svs"),
                result.bag().ref().data().resolve("slide.svs")));
        assertEquals(2, mine.mirror().bags().size());
    }

    /** A bag of one's own hides that of the lab, so it has what that has. */
    @Test
    void moreOfADatasetThanTheLabHas_isAddedInOnesOwnMirror() throws Exception {
        ManifestFile other = new ManifestReader()
                .read(version("1", LABELS).text().replace("id: toy", "id: part"), "part.yaml", null);
        lab.pull(PullFixture.only(other, "slide.svs"));
        before = tree();
        Puller.Result result = mine.pull(PullFixture.only(other, "labels.csv"));
        assertEquals(
                Set.of("labels.csv", "slide.svs"),
                PullFixture.filesBelow(result.bag().ref().data()).keySet());
        assertTrue(mine.mirror().owns(result.bag().ref()));
    }

    @Test
    void aBrokenFileOfTheLab_isNotRepaired() {
        Problem problem = assertThrows(
                Problem.class,
                () -> mine.puller()
                        .repair(PullRequest.of(version("1", LABELS)), Set.of(new FilePath("slide.svs")), mine.events));
        assertEquals(Problem.Kind.USAGE, problem.kind());
    }
}
