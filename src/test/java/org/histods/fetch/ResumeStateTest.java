package org.histods.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.mirror.PartialTransfer;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A state that an earlier run left is used only if it is whole, and only for bytes that are there and may be the file's. */
final class ResumeStateTest {

    private static final URI URL = URI.create("https://one.example/a.bin");
    private static final RemoteFile PUBLISHED = RemoteFile.of(
            new FilePath("a.bin"),
            URL,
            null,
            List.of(new Stated(Checksum.parse("md5:6fd702d11df6292bc054397ae038a464"), "Zenodo")));
    private static final RemoteFile BARE = RemoteFile.of(new FilePath("a.bin"), URL, null, List.of());

    /** Two ranges of a file of 100 bytes. */
    private static final ResumeState TWO_RANGES = new ResumeState(
            "\"v1\"",
            "one.example",
            100,
            2,
            List.of(new WrittenRange(0, 40, WrittenRange.UNCHECKED), new WrittenRange(60, 70, WrittenRange.UNCHECKED)),
            null);

    private static final ResumeState WHOLE = new ResumeState(
            "\"v1\"", "one.example", 100, 0, List.of(new WrittenRange(0, 100, WrittenRange.UNCHECKED)), null);

    @TempDir
    Path root;

    private PartialTransfer partial;

    @BeforeEach
    void claim() throws Exception {
        partial = new Mirror(root, OwnerProcess.self("test"), false, Clock.systemUTC()).claim("0123abcd");
    }

    private ResumeState left(RemoteFile file, ResumeState before, int bytes) throws Exception {
        partial.writeState(before.text());
        Files.write(partial.part(), new byte[bytes]);
        return ResumeState.left(file, partial);
    }

    private static void assertSame(ResumeState expected, ResumeState state) {
        assertEquals(expected.text(), state.text());
    }

    // Text

    @Test
    void text_isReadBackAsItWas() {
        ResponseSummary response =
                new ResponseSummary(URL, URL, List.of(), 206, Map.of("etag", "\"v1\"", "content-type", "image/tiff"));
        ResumeState state = new ResumeState(
                "\"v1\"",
                "one.example",
                100,
                2,
                List.of(
                        new WrittenRange(0, 40, WrittenRange.UNCHECKED),
                        new WrittenRange(60, 70, WrittenRange.UNCHECKED)),
                response);
        ResumeState read = ResumeState.parse(state.text()).orElseThrow();
        assertEquals("\"v1\"", read.validator());
        assertEquals("one.example", read.host());
        assertEquals(100, read.total());
        assertEquals(2, read.resumes());
        assertEquals(2, read.ranges().size());
        assertEquals(
                new WrittenRange(0, 40, WrittenRange.UNCHECKED), read.ranges().get(0));
        assertEquals(
                new WrittenRange(60, 70, WrittenRange.UNCHECKED), read.ranges().get(1));
        assertEquals(response, read.response());
        assertEquals(50, read.bytes());
    }

    @Test
    void stateOfAHostThatGaveNothing_isReadBackWithoutValues() {
        ResumeState read = ResumeState.parse(ResumeState.NONE.text()).orElseThrow();
        assertNull(read.validator());
        assertNull(read.host());
        assertNull(read.response());
        assertEquals(-1, read.total());
        assertEquals(List.of(), read.ranges());
        assertEquals(0, read.bytes());
    }

    @Test
    void textThatACrashCutAnywhere_isNotUsed() {
        String text = TWO_RANGES.text();
        for (int length = 0; length < text.length() - 1; length++) {
            assertEquals(Optional.empty(), ResumeState.parse(text.substring(0, length)), text.substring(0, length));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "histods-partial 1>histods-partial 2",
                "validator >other ",
                "host >other ",
                "total 100>total many",
                "total 100>100",
                "resumes 2>resumes ",
                "resumes 2>2",
                "range 0 40>range 0",
                "range 0 40>range a b",
                "range 0 40>other 0 40",
            })
    void textOfAnotherFormat_isNotUsed(String change) {
        String[] parts = change.split(">", -1);
        String changed = TWO_RANGES.text().replace(parts[0], parts[1]);
        assertEquals(Optional.empty(), ResumeState.parse(changed), changed);
    }

    // What an earlier run left

    @Test
    void bytesOfAPublishedFile_areUsed_withAndWithoutAValidator() throws Exception {
        assertSame(TWO_RANGES, left(PUBLISHED, TWO_RANGES, 70));
        ResumeState noTag =
                new ResumeState(null, null, 100, 0, List.of(new WrittenRange(0, 40, WrittenRange.UNCHECKED)), null);
        assertSame(noTag, left(PUBLISHED, noTag, 40));
    }

    @Test
    void bytesThatNothingCanShowToBeOfOneFile_areNotUsed() throws Exception {
        ResumeState noTag =
                new ResumeState(null, null, 100, 0, List.of(new WrittenRange(0, 40, WrittenRange.UNCHECKED)), null);
        assertSame(ResumeState.NONE, left(BARE, noTag, 40));
        assertSame(TWO_RANGES, left(BARE, TWO_RANGES, 70));
    }

    @Test
    void bytesThatAreMissingOnTheDisk_areNotUsed() throws Exception {
        assertSame(ResumeState.NONE, left(PUBLISHED, TWO_RANGES, 69));
        Files.delete(partial.part());
        assertSame(ResumeState.NONE, ResumeState.left(PUBLISHED, partial));
    }

    @Test
    void bytesBehindTheStatedEnd_areNotUsed() throws Exception {
        assertSame(TWO_RANGES, left(PUBLISHED.withBytes(70L), TWO_RANGES, 70));
        assertSame(ResumeState.NONE, left(PUBLISHED.withBytes(69L), TWO_RANGES, 70));
    }

    @Test
    void damagedState_isNoState() throws Exception {
        Files.write(partial.part(), new byte[70]);
        partial.writeState("histods-partial 1\n");
        assertSame(ResumeState.NONE, ResumeState.left(PUBLISHED, partial));
    }

    @Test
    void transferWithoutAState_startsAgain() throws Problem {
        assertSame(ResumeState.NONE, ResumeState.left(PUBLISHED, partial));
    }

    /** A bag may have the same file, and its bytes must not be written to. */
    @Test
    void fileWithAnotherName_isUsedOnlyIfItIsComplete() throws Exception {
        left(PUBLISHED, TWO_RANGES, 70);
        Files.createLink(root.resolve("in-a-bag"), partial.part());
        assertSame(ResumeState.NONE, ResumeState.left(PUBLISHED, partial));

        Files.delete(root.resolve("in-a-bag"));
        left(PUBLISHED, WHOLE, 100);
        Files.createLink(root.resolve("in-a-bag"), partial.part());
        assertSame(WHOLE, ResumeState.left(PUBLISHED, partial));
        assertSame(WHOLE, ResumeState.left(PUBLISHED.withBytes(100L), partial));
        assertSame(ResumeState.NONE, ResumeState.left(PUBLISHED.withBytes(101L), partial));
    }
}
