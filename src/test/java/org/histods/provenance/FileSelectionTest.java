package org.histods.provenance;

import static org.histods.testing.PullFixture.bare;
import static org.histods.testing.PullFixture.manifest;
import static org.histods.testing.PullFixture.only;
import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.source;
import static org.histods.testing.PullFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.pull.PullRequest;
import org.histods.pull.Puller;
import org.histods.testing.FakeOrigin;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts of a dataset: splits, globs, variants, and what is added later. */
final class FileSelectionTest {

    @TempDir
    Path temp;

    private PullFixture fixture;
    private ManifestFile manifest;

    @BeforeEach
    void open() throws Exception {
        fixture = new PullFixture(temp);
        manifest = fixture.trainTestAndLabels("train/1.txt", "one", "train/2.txt", "two", "train/a b.txt", "ab");
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private static Set<String> paths(Puller.Result result) throws IOException {
        return PullFixture.filesBelow(result.bag().ref().data()).keySet();
    }

    private List<String> requested() {
        return fixture.origin.calls().stream()
                .map(FakeOrigin.Call::path)
                .sorted()
                .toList();
    }

    @Test
    void split_fetchesItsFilesOnly() throws Exception {
        Puller.Result result = fixture.pull(only(manifest, "labels"));
        assertEquals(Set.of("labels.csv"), paths(result));
        assertEquals(List.of("/one.example/labels.csv"), requested());
        assertEquals(List.of("labels.csv"), result.bag().selection());
        assertTrue(fixture.verify(result.bag(), BagVerifier.Level.FULL).ok());
    }

    @Test
    void globOnMembers_unpacksThoseMembersOnly() throws Exception {
        assertEquals(Set.of("train/1.txt"), paths(fixture.pull(only(manifest, "train/1*"))));
    }

    @Test
    void nothingThatMatches_isAProblemThatNamesTheSplits() {
        Problem p = assertThrows(Problem.class, () -> fixture.pull(only(plainFiles(), "nonsense/**")));
        assertEquals(Problem.Kind.USAGE, p.kind());
        assertTrue(p.message().contains("nonsense/**"), p.message());
    }

    @Test
    void nothingThatMatchesAmongMembers_makesNoEmptyBag() throws Exception {
        Problem p = assertThrows(Problem.class, () -> fixture.pull(only(manifest, "nonsense/**")));
        assertEquals(Problem.Kind.USAGE, p.kind());
        assertTrue(p.message().contains("nonsense/**"), p.message());
        assertTrue(fixture.files("datasets").isEmpty());
    }

    @Test
    void nothingThatMatchesWhereAllIsThere_isAProblemToo() throws Exception {
        fixture.pull(only(manifest));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(only(manifest, "nonsense/**")));
        assertEquals(Problem.Kind.USAGE, p.kind());
        assertTrue(p.message().contains("nonsense/**"), p.message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"labels", "labels.csv", "training", "train.zip", "train/1*", "train/**", "train"})
    void partOfWhatIsThere_makesNoRequest(String only) throws Exception {
        fixture.pull(only(manifest));
        int calls = fixture.origin.calls().size();
        assertFalse(fixture.pull(only(manifest, only)).changed());
        assertEquals(calls, fixture.origin.calls().size());
    }

    private static ManifestFile plainFiles() throws Problem {
        return manifest("splits: { labels: [labels.csv] }\nsources:\n" + source("one.example", bare("labels.csv")));
    }

    @Test
    void sameSelectionAgain_makesNoRequest() throws Exception {
        fixture.pull(only(manifest, "train/a b*", "labels"));
        fixture.origin.forget();
        assertFalse(fixture.pull(only(manifest, "train/a b*", "labels")).changed());
        assertEquals(List.of(), requested());
    }

    @Test
    void narrowerSelectionLater_isNoFault() throws Exception {
        fixture.pull(only(manifest, "train/*"));
        Puller.Result result = fixture.pull(only(manifest, "train/1*"));
        assertEquals(Set.of("train/1.txt", "train/2.txt", "train/a b.txt"), paths(result));
    }

    @Test
    void secondSelection_fetchesWhatIsMissingAndSharesWhatIsThere() throws Exception {
        Puller.Result first = fixture.pull(only(manifest, "training"));
        Object before = Files.getAttribute(first.bag().ref().data().resolve("train/1.txt"), "unix:ino");
        fixture.origin.forget();
        Puller.Result second = fixture.pull(only(manifest, "labels"));
        assertEquals(List.of("/one.example/labels.csv"), requested());
        assertEquals(Set.of("labels.csv", "train/1.txt", "train/2.txt", "train/a b.txt"), paths(second));
        assertEquals(before, Files.getAttribute(second.bag().ref().data().resolve("train/1.txt"), "unix:ino"));
        assertEquals(List.of("train.zip", "labels.csv"), second.bag().selection());
        assertEquals(2, second.bag().receiptFiles().size());
        assertTrue(fixture.verify(second.bag(), BagVerifier.Level.FULL).ok());
        assertEquals(0, fixture.verify(second.bag(), BagVerifier.Level.USUAL).read());
    }

    @Test
    void everythingAfterASelection_addsTheRest() throws Exception {
        fixture.pull(only(manifest, "train/1*", "labels"));
        Puller.Result all = fixture.pull(manifest);
        assertEquals(5, paths(all).size());
        assertEquals(List.of(), all.bag().selection());
        assertTrue(fixture.verify(all.bag(), BagVerifier.Level.FULL).ok());
        fixture.offline = true;
        assertFalse(fixture.pull(only(manifest, "test/**")).changed());
    }

    @Test
    void variant_isBesideThePreferredOneUnderItsOwnName() throws Exception {
        fixture.origin.put("/one.example/norm.txt", text("n"));
        fixture.origin.put("/one.example/raw.txt", text("r"));
        ManifestFile two = manifest("variants: [ { name: norm, preferred: true }, { name: raw } ]\nsources:\n"
                + source(
                        "one.example",
                        bare("norm.txt") + "        variant: norm\n",
                        bare("raw.txt") + "        variant: raw\n"));
        assertEquals(Set.of("norm.txt"), paths(fixture.pull(two)));
        Puller.Result raw = fixture.pull(new PullRequest(two, "raw", List.of(), null, List.of(), false, 1));
        assertEquals(Set.of("raw.txt"), paths(raw));
        assertEquals("1+raw", raw.bag().ref().version().text());
        Problem p = assertThrows(
                Problem.class, () -> fixture.pull(new PullRequest(two, "blue", List.of(), null, List.of(), false, 1)));
        assertEquals("it has norm, raw", p.hint());
    }

    @Test
    void partsOfADataset_areAllNeededAndAlternativesOfOneAreNot() throws Exception {
        fixture.origin.put("/two.example/labels.csv", text("x"));
        fixture.origin.put("/three.example/more.txt", text("more"));
        ManifestFile parts = manifest("sources:\n"
                + source("nowhere.example", pin("labels.csv", text("x"), "md5"))
                        .replace("    official", "    part: labels\n    official")
                + source("two.example", pin("labels.csv", text("x"), "md5"))
                        .replace("    official", "    part: labels\n    official")
                + source("three.example", bare("more.txt")).replace("    official", "    part: more\n    official"));
        assertEquals(Set.of("labels.csv", "more.txt"), paths(fixture.pull(parts)));
    }
}
