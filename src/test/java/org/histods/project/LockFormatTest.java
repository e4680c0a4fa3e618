package org.histods.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.problem.Problem;
import org.histods.project.Lock.Artifact;
import org.histods.project.Lock.Artifacts;
import org.histods.project.Lock.Content;
import org.histods.project.Lock.From;
import org.histods.project.Lock.Locked;
import org.histods.project.Lock.Stated;
import org.histods.testing.TestBags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LockFormatTest {

    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);

    private static final String TEXT = """
            # The exact files that this project uses. Written by histods: commit it, do not edit it.
            # `histods sync --locked` fetches exactly these files, or reports what differs.
            format: 2
            datasets:
              - name: "colon"
                id: "demo-colon"
                version: "1.10"
                variant: "raw"
                only:
                  - "test"
                  - "*.tif"
                manifest: "sha256:%1$s"
                license: "terms with \\"quotes\\": and # more"
                fingerprint: "sha256:%2$s"
                files: 3
                bytes: 12345678901
                sources:
                  - kind: "zenodo"
                    record: "1214456"
                  - kind: "manual"
                artifacts:
                  - path: "MBM_data"
                    sum: "git-tree:d395a4cd2ad0034f71e8d0a6eef47742a53fc98d"
                    check: "verified"
                    by: "GitHub"
                  - path: "z 😀 é.zip"
                    bytes: 7
                    sum: "sha256:%1$s"
                    check: "computed"
              - name: "mbm"
                id: "mbm"
                version: "8387e305"
                manifest: "sha256:%2$s"
                license: "unknown"
                fingerprint: "sha256:%1$s"
                files: 0
                bytes: 0
            """.formatted(A, B);

    private static Locked colon() {
        return new Locked(
                "colon",
                new DatasetId("demo-colon"),
                new DatasetVersion("1.10"),
                "raw",
                List.of("test", "*.tif"),
                new Stated(
                        Checksum.parse("sha256:" + A),
                        "terms with \"quotes\": and # more",
                        List.of(new From("zenodo", "1214456"), new From("manual", ""))),
                new Content(new Fingerprint(B), 3, 12345678901L),
                Artifacts.of(List.of(
                        new Artifact(new FilePath("z 😀 é.zip"), 7L, Checksum.parse("sha256:" + A), false, ""),
                        new Artifact(
                                new FilePath("MBM_data"),
                                null,
                                Checksum.parse("git-tree:d395a4cd2ad0034f71e8d0a6eef47742a53fc98d"),
                                true,
                                "GitHub"))));
    }

    private static Locked mbm() {
        return new Locked(
                "mbm",
                new DatasetId("mbm"),
                new DatasetVersion("8387e305"),
                null,
                List.of(),
                new Stated(Checksum.parse("sha256:" + B), "unknown", List.of()),
                new Content(new Fingerprint(A), 0, 0),
                Artifacts.of(List.of()));
    }

    private static String refused(String text) {
        Problem problem = assertThrows(Problem.class, () -> LockFormat.read(text, "histods.lock"));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        return problem.message();
    }

    @Test
    void lock_isWrittenOneValueALineInStableOrder() {
        assertEquals(TEXT, LockFormat.write(new Lock(List.of(mbm(), colon()))));
        assertEquals(TEXT, LockFormat.write(new Lock(List.of(colon(), mbm()))));
    }

    @Test
    void lock_roundTripsToTheSameBytes() throws Problem {
        Lock read = LockFormat.read(TEXT, "histods.lock");
        assertEquals(new Lock(List.of(colon(), mbm())), read);
        assertEquals(TEXT, LockFormat.write(read));
        Lock empty = new Lock(List.of());
        assertEquals(empty, LockFormat.read(LockFormat.write(empty), "histods.lock"));
    }

    @Test
    void digest_namesExactlyThisLock() {
        Lock lock = new Lock(List.of(colon()));
        assertEquals(lock.digest(), new Lock(List.of(colon())).digest());
        assertNotEquals(lock.digest(), new Lock(List.of(colon(), mbm())).digest());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3|histods.lock is of format 3; this histods knows format 2",
                "1|histods.lock has a mistake:\\n  histods.lock:3: format: the format should be 2",
            })
    void otherFormat_isRefused(String format, String expected) {
        assertEquals(expected.replace("\\n", "\n"), refused(TEXT.replace("format: 2", "format: " + format)));
    }

    private static List<Artifact> artifacts(int count) {
        List<Artifact> artifacts = new java.util.ArrayList<>();
        for (int i = 0; i < count; i++) {
            Checksum checksum = Checksum.parse("sha256:" + String.format("%064x", i));
            artifacts.add(new Artifact(new FilePath("t/" + i), 1L, checksum, i % 2 == 0, i % 2 == 0 ? "TCIA" : ""));
        }
        return artifacts;
    }

    private static Lock many(int count) {
        return new Lock(List.of(new Locked(
                "many",
                new DatasetId("many"),
                new DatasetVersion("1"),
                null,
                List.of(),
                new Stated(Checksum.parse("sha256:" + A), "CC0-1.0", List.of()),
                new Content(new Fingerprint(B), count, count),
                Artifacts.of(artifacts(count)))));
    }

    @Test
    void upToTwoHundredArtifacts_areNamed() throws Problem {
        String text = LockFormat.write(many(200));
        assertTrue(text.contains("path: \"t/199\""), text);
        assertEquals(many(200), LockFormat.read(text, "histods.lock"));
    }

    @Test
    void moreArtifacts_areOneDigest() throws Problem {
        Lock lock = many(201);
        String text = LockFormat.write(lock);
        assertTrue(
                text.endsWith("""
                    artifact-list:
                      count: 201
                      verified: 101
                      computed: 100
                      digest: "sha256:%s"
                """.formatted(TestBags.sha256(ArtifactSummary.text(artifacts(201)))
                        .hex())),
                text);
        assertEquals(lock, LockFormat.read(text, "histods.lock"));
        assertTrue(refused(text.replace("count: 201", "count: 202")).contains("not the sum of verified and computed"));
    }

    @Test
    void artifactList_isALineForEachSortedByPath() {
        List<Artifact> two = artifacts(2);
        String expected = "sha256:" + "0".repeat(64) + "  t/0\nsha256:" + "0".repeat(63) + "1  t/1\n";
        assertEquals(expected, ArtifactSummary.text(List.of(two.get(1), two.get(0))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "format: 2|formt: 2|histods.lock:3: formt: there is no field 'formt'",
                "files: 3|files: three|histods.lock:15: datasets[0].files: this should be a whole number, not 'three'",
                "check: \"computed\"|check: \"checked\"|datasets[0].artifacts[1].check: 'checked' should be",
                "path: \"MBM_data\"|path: \"../x\"|datasets[0].artifacts[0].path: it has the segment",
                "name: \"mbm\"|name: \"colon\"|'colon' is locked twice",
                "id: \"mbm\"|<<<<<<< ours|this is not YAML",
                "fingerprint: \"sha256:bbbb|fingerprint: \"sha256:zzzz|datasets[0].fingerprint: ",
            })
    void damage_isNamed(String from, String to, String expected) {
        assertTrue(TEXT.contains(from));
        String message = refused(TEXT.replaceFirst(java.util.regex.Pattern.quote(from), to));
        assertTrue(message.contains(expected), message);
    }
}
