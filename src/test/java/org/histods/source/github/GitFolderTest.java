package org.histods.source.github;

import static org.histods.testing.ArchiveFixtures.members;
import static org.histods.testing.PullFixture.manifest;
import static org.histods.testing.PullFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.histods.digest.GitObjects;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagVerifier;
import org.histods.pull.PullRequest;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.FakeOrigin;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder of a repository, whose content is named by its git tree id. */
final class GitFolderTest {

    private static final String COMMIT = "8387c305642af22c10032c82120043075f7ebaa2";
    private static final String ARCHIVE = "/github.com/lab/cells/archive/" + COMMIT + ".tar.gz";
    private static final String RAW = "/raw.githubusercontent.com/lab/cells/" + COMMIT + "/";

    @TempDir
    Path temp;

    private PullFixture fixture;
    private final byte[] run = text("#!/bin/sh\n");
    private final byte[] one = text("one");
    /** {@code git write-tree} of {@code sub/1.txt} and an executable {@code run.sh} with that content. */
    private final String tree = new GitObjects.Tree()
            .add("run.sh", true, GitObjects.blob(run))
            .add("sub/1.txt", false, GitObjects.blob(one))
            .id()
            .toString();

    @BeforeEach
    void open() throws IOException {
        fixture = new PullFixture(temp);
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private void archive(String content) throws IOException {
        fixture.origin.put(
                ARCHIVE,
                ArchiveFixtures.tarGz(members(
                        "cells-8387/data/run.sh*",
                        run,
                        "cells-8387/data/sub/1.txt",
                        content,
                        "cells-8387/README",
                        "r")));
    }

    private ManifestFile folder(boolean thenFileByFile) throws Problem {
        String source = "  - kind: github\n    record: lab/cells@" + COMMIT + "\n    official: true\n%s    files:\n"
                + "      - path: data/\n        sums:\n          - { sum: \"" + tree + "\", by: GitHub }\n";
        return manifest("sources:\n" + String.format(source, "")
                + (thenFileByFile ? String.format(source, "    options: { via: files }\n") : ""));
    }

    private void fileByFile() {
        fixture.origin.put(
                "/api.github.com/repos/lab/cells/git/trees/" + tree.substring(9) + "?recursive=1", text("""
                {"sha": "%s", "truncated": false, "tree": [
                  {"path": "run.sh", "mode": "100755", "type": "blob", "size": %d, "sha": "%s"},
                  {"path": "sub", "mode": "040000", "type": "tree", "sha": "%s"},
                  {"path": "sub/1.txt", "mode": "100644", "type": "blob", "size": 3, "sha": "%s"}]}
                """.formatted(
                                tree.substring(9),
                                run.length,
                                GitObjects.blob(run).hex(),
                                "0".repeat(40),
                                GitObjects.blob(one).hex())));
        fixture.origin.put(RAW + "data/run.sh", run);
        fixture.origin.put(RAW + "data/sub/1.txt", one);
    }

    @Test
    void archiveOfTheCommit_isVerifiedByTheTreeItUnpacksTo() throws Exception {
        archive("one");
        Bag bag = fixture.pull(folder(false)).bag();
        assertEquals(
                Map.of("data/run.sh", "#!/bin/sh\n", "data/sub/1.txt", "one"),
                PullFixture.filesBelow(bag.ref().data()));
        assertTrue(Files.isExecutable(bag.ref().data().resolve("data/run.sh")));
        assertEquals("verified", fixture.events.fetched.get(0).check());
        assertTrue(Files.readString(bag.receiptFiles().get(0)).contains(tree));
    }

    @Test
    void headerChecksumOfARebuiltArchive_isIgnored() throws Exception {
        byte[] packed =
                ArchiveFixtures.tarGz(members("cells-8387/data/run.sh*", run, "cells-8387/data/sub/1.txt", one));
        fixture.origin.always(ARCHIVE, (call, out) -> {
            FakeOrigin.head(
                    out,
                    "200 OK",
                    "Content-MD5: " + ArchiveFixtures.hex("md5", packed),
                    "Content-Length: " + packed.length);
            out.write(packed);
        });

        fixture.pull(folder(false));

        assertEquals("GitHub", fixture.events.fetched.get(0).by());
        assertTrue(fixture.events.fetched.get(0).file().check().against().isEmpty());
    }

    @Test
    void archiveWithOtherContent_isRefusedWithBothIds() throws Exception {
        archive("two");
        Problem p = assertThrows(Problem.class, () -> fixture.pull(folder(false)));
        assertEquals(Problem.Kind.WRONG_BYTES, p.kind());
        assertTrue(p.message().contains(tree), p.message());
        assertEquals(Map.of(), fixture.files("datasets"));
        archive("one");
        assertEquals(2, fixture.pull(folder(false)).bag().fileCount());
    }

    @Test
    void archiveWithOtherContent_isReplacedBySingleFilesIfThatIsAnAlternative() throws Exception {
        archive("two");
        fileByFile();
        Bag bag = fixture.pull(folder(true)).bag();
        assertEquals(2, bag.fileCount());
        assertTrue(Files.isExecutable(bag.ref().data().resolve("data/run.sh")));
        assertTrue(fixture.events.fetched.stream().allMatch(f -> f.verified()));
    }

    @Test
    void archiveThatLacksFiles_isReported_alsoWithoutATreeId() throws Exception {
        fixture.origin.put(
                ARCHIVE,
                ArchiveFixtures.tarGz(members(
                        "cells-8387/.gitattributes",
                        "# tests export-ignore\n*.txt text\n/tests export-ignore\nversion.txt  text export-subst\n",
                        "cells-8387/data/1.txt",
                        "one")));
        fixture.pull(
                manifest("sources:\n  - kind: github\n    record: lab/cells@" + COMMIT + "\n    official: true\n"));
        String notes = String.join("\n", fixture.events.notes);
        assertTrue(notes.contains("(/tests export-ignore, version.txt  text export-subst in .gitattributes)"), notes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*.md working-tree-encoding=UTF-16", "version.txt ident", "*.md text eol=crlf"})
    void lineThatChangesFilesInTheArchive_isReported(String line) throws Exception {
        fixture.origin.put(
                ARCHIVE, ArchiveFixtures.tarGz(members("cells-8387/.gitattributes", line, "cells-8387/a.md", "a")));
        fixture.pull(
                manifest("sources:\n  - kind: github\n    record: lab/cells@" + COMMIT + "\n    official: true\n"));
        assertTrue(String.join("\n", fixture.events.notes).contains("(" + line + " in .gitattributes)"));
    }

    /** The line that leaves files out can leave its own file out. */
    @Test
    void archiveThatNothingWasComparedWith_isNeverCalledComplete() throws Exception {
        fixture.origin.put(ARCHIVE, ArchiveFixtures.tarGz(members("cells-8387/data/1.txt", "one")));
        fixture.pull(
                manifest("sources:\n  - kind: github\n    record: lab/cells@" + COMMIT + "\n    official: true\n"));
        String notes = String.join("\n", fixture.events.notes);
        assertTrue(notes.contains("not compared with the repository's own list of files"), notes);
    }

    @Test
    void missingUrl_fallsBackToTheNextOfTheSameHost() throws Exception {
        fileByFile();
        fixture.origin.always(RAW + "data/sub/1.txt", FakeOrigin.status("404 Not Found", "no"));
        fixture.origin.put("/github.com/lab/cells/raw/" + COMMIT + "/data/sub/1.txt", one);
        Bag bag = fixture.pull(folder(true)).bag();
        assertEquals("one", PullFixture.filesBelow(bag.ref().data()).get("data/sub/1.txt"));
        String receipt = Files.readString(bag.receiptFiles().get(0));
        assertTrue(receipt.contains("\"url\" : \"https:/" + RAW + "data/sub/1.txt\""), receipt);
    }

    @Test
    void bothUrlsFail_bothAreReported() throws Exception {
        archive("two");
        Problem p = assertThrows(Problem.class, () -> fixture.pull(folder(true)));
        assertEquals(Problem.Kind.WRONG_BYTES, p.kind());
        assertTrue(
                p.attempts().toString().contains("api.github.com"), p.attempts().toString());
    }

    @Test
    void bagOfSingleFiles_isRepairedFromTheArchiveToo() throws Exception {
        fileByFile();
        Bag bag = fixture.pull(folder(true)).bag();
        archive("one");
        Files.delete(bag.ref().data().resolve("data/sub/1.txt"));
        BagVerifier.Report report = fixture.verify(bag, BagVerifier.Level.USUAL);
        Bag mended = fixture.puller()
                .repair(PullRequest.of(folder(true)), java.util.Set.copyOf(report.missing()), fixture.events)
                .bag();
        assertEquals(bag.fingerprint(), mended.fingerprint());
        assertTrue(fixture.verify(mended, BagVerifier.Level.FULL).ok());
    }

    private String pointerTo(byte[] content) {
        return "version https://git-lfs.github.com/spec/v1\noid sha256:" + ArchiveFixtures.hex("sha256", content)
                + "\nsize " + content.length + "\n";
    }

    /** The folder with an image in Git LFS: what the archive holds of it, and git's tree id covers, is its pointer. */
    private ManifestFile folderInLfs(byte[] image) throws Exception {
        byte[] pointer = text(pointerTo(image));
        fixture.origin.put(
                ARCHIVE,
                ArchiveFixtures.tarGz(members("cells-8387/data/a b.tif", pointer, "cells-8387/data/1.txt", one)));
        return manifest("sources:\n  - kind: github\n    record: lab/cells@" + COMMIT
                + "\n    official: true\n    files:\n      - path: data/\n        sums:\n          - { sum: \""
                + new GitObjects.Tree()
                        .add("a b.tif", false, GitObjects.blob(pointer))
                        .add("1.txt", false, GitObjects.blob(one))
                        .id()
                + "\", by: GitHub }\n");
    }

    private static final String MEDIA = "/media.githubusercontent.com/media/lab/cells/" + COMMIT + "/data/a%20b.tif";

    @Test
    void pointersInTheArchive_areReplacedByTheirContent() throws Exception {
        byte[] image = ArchiveFixtures.noise(5000, 1);
        ManifestFile folder = folderInLfs(image);
        fixture.origin.put(MEDIA, image);

        Bag bag = fixture.pull(folder).bag();

        assertEquals(
                java.util.Set.of("data/a b.tif", "data/1.txt"),
                PullFixture.filesBelow(bag.ref().data()).keySet());
        assertEquals(5000, Files.size(bag.ref().data().resolve("data/a b.tif")));
        assertTrue(fixture.events.fetched.stream().allMatch(f -> f.verified()));
        assertEquals("GitHub (Git LFS pointer)", fixture.events.fetched.get(1).by());
        assertTrue(fixture.verify(bag, BagVerifier.Level.FULL).ok());
    }

    @Test
    void contentOfAPointer_isRepairedToo() throws Exception {
        byte[] image = ArchiveFixtures.noise(5000, 1);
        ManifestFile folder = folderInLfs(image);
        fixture.origin.put(MEDIA, image);
        Bag bag = fixture.pull(folder).bag();
        Files.delete(bag.ref().data().resolve("data/a b.tif"));

        BagVerifier.Report report = fixture.verify(bag, BagVerifier.Level.USUAL);
        Bag mended = fixture.puller()
                .repair(PullRequest.of(folder), java.util.Set.copyOf(report.missing()), fixture.events)
                .bag();

        assertEquals(bag.fingerprint(), mended.fingerprint());
    }

    @Test
    void otherContentThanThePointerSays_isRefused() throws Exception {
        ManifestFile folder = folderInLfs(ArchiveFixtures.noise(5000, 1));
        fixture.origin.put(MEDIA, ArchiveFixtures.noise(5000, 2));

        Problem p = assertThrows(Problem.class, () -> fixture.pull(folder));

        assertEquals(Problem.Kind.WRONG_BYTES, p.kind());
        assertEquals(Map.of(), fixture.files("datasets"));
    }
}
