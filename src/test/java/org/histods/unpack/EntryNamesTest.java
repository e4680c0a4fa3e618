package org.histods.unpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream.UnicodeExtraFieldPolicy;
import org.histods.problem.Problem;
import org.histods.testing.ArchiveSpecimen;
import org.histods.testing.HostileArchives;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entry names whose charset the archive states, leaves open, or states wrongly. */
final class EntryNamesTest {

    @TempDir
    Path root;

    private static byte[] zip(String charset, boolean flag, boolean unicodeField, String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            zip.setEncoding(charset);
            zip.setUseLanguageEncodingFlag(flag);
            zip.setCreateUnicodeExtraFields(
                    unicodeField ? UnicodeExtraFieldPolicy.ALWAYS : UnicodeExtraFieldPolicy.NEVER);
            for (String name : names) {
                zip.putArchiveEntry(new ZipArchiveEntry(name));
                zip.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] tar(String charset, boolean pax, String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, charset)) {
            tar.setAddPaxHeadersForNonAsciiNames(pax);
            for (String name : names) {
                tar.putArchiveEntry(new TarArchiveEntry(name));
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private Set<String> names(byte[] archive, @Nullable String charset) throws Problem {
        unpack(archive, charset);
        return ArchiveSpecimen.onDisk(root).keySet();
    }

    private UnpackedTree unpack(byte[] archive, @Nullable String charset) throws Problem {
        UnpackOptions options =
                new UnpackOptions("", null, List.of(), path -> true, charset, Set.of(), UnpackOptions.Limits.USUAL);
        return new Unpacker(1).unpack(ArchiveSpecimen.source("named.any", archive), root, options, count -> {});
    }

    /** Shift_JIS read as code page 437 is unreadable, and nothing else would tell the user why. */
    @Test
    void namesThatHadToBeGuessed_areReportedWithTheSettingThatNamesTheirCharset() throws Exception {
        List<String> notes =
                unpack(zip("Shift_JIS", false, false, "病理.txt"), null).notes();
        assertEquals(1, notes.size());
        assertTrue(notes.get(0).contains("code page 437") && notes.get(0).contains("unpack.charset"), notes.get(0));
        assertEquals(
                List.of(),
                unpack(zip("Shift_JIS", false, false, "切片.txt"), "Shift_JIS").notes());
        assertEquals(
                List.of(), unpack(zip("UTF-8", false, false, "é.txt"), null).notes());
        assertEquals(List.of(), unpack(tar("UTF-8", false, "ü.txt"), null).notes());
    }

    @Test
    void tarOfAnOldUnix_isReadInLatin1_andThatIsReported() throws Exception {
        UnpackedTree tree = unpack(tar("ISO-8859-1", false, "Drüse.txt"), null);
        assertEquals(Set.of("Drüse.txt"), ArchiveSpecimen.onDisk(root).keySet());
        assertTrue(tree.notes().get(0).contains("Latin-1"), String.valueOf(tree.notes()));
    }

    @Test
    void tarThatAnotherTarWasAppendedTo_isReported() throws Exception {
        byte[] one = tar("UTF-8", false, "a.txt");
        byte[] two = tar("UTF-8", false, "b.txt");
        byte[] both = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, both, one.length, two.length);
        assertTrue(unpack(both, null).notes().get(0).contains("another tar"));
        assertEquals(Set.of("a.txt"), ArchiveSpecimen.onDisk(root).keySet());
    }

    @Test
    void zipThatStatesUtf8_isReadAsUtf8WhateverTheManifestSays() throws Exception {
        assertEquals(Set.of("é病理.txt"), names(zip("UTF-8", true, false, "é病理.txt"), "GBK"));
    }

    @Test
    void zipWithUnstatedUtf8_isRecognised() throws Exception {
        assertEquals(Set.of("é病理.txt"), names(zip("UTF-8", false, false, "é病理.txt"), null));
    }

    @Test
    void zipOfDos_isReadInCodePage437() throws Exception {
        assertEquals(Set.of("Präparat.txt"), names(zip("IBM437", false, false, "Präparat.txt"), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GBK", "Shift_JIS"})
    void zipInAnAsianCharset_isReadAsTheManifestSays(String charset) throws Exception {
        assertEquals(Set.of("病理/切片.txt"), names(zip(charset, false, false, "病理/切片.txt"), charset));
    }

    /** The GBK bytes of the first name are valid UTF-8 by accident; those of the second show that none is UTF-8. */
    @Test
    void nameThatIsUtf8ByAccident_isReadLikeTheOthersOfItsZip() throws Exception {
        assertEquals(Set.of("联通.txt", "病理.txt"), names(zip("GBK", false, false, "联通.txt", "病理.txt"), "GBK"));
    }

    @Test
    void unicodeExtraField_replacesTheName() throws Exception {
        assertEquals(Set.of("病理.txt"), names(zip("GBK", false, true, "病理.txt"), null));
    }

    @Test
    void unicodeExtraFieldMadeForAnotherName_isIgnored() throws Exception {
        byte[] renamed = zip("IBM437", false, true, "a.txt");
        for (int i = 0; i + 5 <= renamed.length; i++) {
            if (new String(renamed, i, 5, StandardCharsets.ISO_8859_1).equals("a.txt")) {
                boolean inExtraField = i >= 5 && renamed[i - 5] == 1;
                renamed[i] = (byte) (inExtraField ? 'a' : 'b');
            }
        }
        assertEquals(Set.of("b.txt"), names(renamed, null));
    }

    @Test
    void tarInGbk_isReadAsTheManifestSays() throws Exception {
        assertEquals(Set.of("病理.txt"), names(tar("GBK", false, "病理.txt"), "GBK"));
    }

    @Test
    void tarInUtf8_isRecognised() throws Exception {
        assertEquals(Set.of("é病理.txt"), names(tar("UTF-8", false, "é病理.txt"), "GBK"));
    }

    /** The bytes of the header's own name would be read as something else. */
    @Test
    void tarWithExtendedHeader_isUtf8WhateverTheManifestSays() throws Exception {
        assertEquals(Set.of("café.txt"), names(tar("ISO-8859-1", true, "café.txt"), "windows-1251"));
    }

    @Test
    void nameThatFitsNoCharset_isAProblem() throws Exception {
        byte[] archive = zip("ISO-8859-1", false, false, "\u00ff\u00ff.txt");
        Problem problem = assertThrows(Problem.class, () -> names(archive, "Shift_JIS"));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("charset"), problem.message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"no such charset", "x-none"})
    void unknownCharset_isAProblemOfTheManifest(String charset) {
        Problem problem = assertThrows(Problem.class, () -> names(zip("UTF-8", true, false, "a"), charset));
        assertEquals(Problem.Kind.USAGE, problem.kind());
    }

    @Test
    void zipMadeOnWindows_hasSlashesForItsBackslashes() throws Exception {
        assertEquals(
                Set.of("top.txt", "dir/sub/a.txt"), names(HostileArchives.zip("top.txt", "dir\\sub\\a.txt"), null));
    }
}
