package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code verify DIR} with received bags, good and hostile; most are made with a shell, as their senders might. */
final class VerifyFolderTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private Path bag;

    @BeforeEach
    void receive() throws Exception {
        bag = folder.resolve("bag");
        Files.createDirectories(bag.resolve("data/sub"));
        Files.writeString(bag.resolve("data/a.txt"), "one");
        Files.writeString(bag.resolve("data/sub/b c.txt"), "two");
        Files.writeString(bag.resolve("bagit.txt"), "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
        Files.writeString(bag.resolve("bag-info.txt"), "Payload-Oxum: 6.2\n");
        checksums("sha256");
    }

    /** Makes both manifests with what is there now. */
    private void checksums(String algorithm) throws Exception {
        shell("rm -f *manifest-*.txt; find data -type f | LC_ALL=C sort | tr '\\n' '\\0' | xargs -0 " + algorithm
                + "sum > manifest-" + algorithm + ".txt; " + algorithm
                + "sum *.txt > /tmp/$$ && mv /tmp/$$ tagmanifest-"
                + algorithm + ".txt");
    }

    private String shell(String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(bag.toFile())
                .redirectErrorStream(true)
                .start();
        try (InputStream out = process.getInputStream()) {
            return new String(out.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).strip();
        }
    }

    private JsonNode verify(int exit, String... more) {
        List<String> command = new java.util.ArrayList<>(List.of("verify", "./bag", "--json"));
        command.addAll(List.of(more));
        ProgramRunner.Result result = new ProgramRunner(folder, folder).run(command.toArray(String[]::new));
        assertEquals(exit, result.exit(), result.out() + result.err());
        return JSON.readTree(result.out().lines().findFirst().orElse("{}"));
    }

    private static void says(String part, JsonNode list) {
        assertTrue(list.toString().contains(part), () -> "'" + part + "' is not in " + list);
    }

    private void list(String line) throws IOException {
        Path manifest = bag.resolve("manifest-sha256.txt");
        Files.writeString(manifest, Files.readString(manifest) + line + "\n");
    }

    private static final String SUM = "0".repeat(64);

    @Test
    void goodBag_isOk_andItsFingerprintIsThatOfTheManifest() throws Exception {
        String fingerprint = shell("sha256sum < manifest-sha256.txt").substring(0, 64);
        JsonNode line = verify(0, "--fingerprint", fingerprint);
        assertTrue(line.path("ok").asBoolean());
        assertEquals("verify", line.path("event").asString(""));
        assertEquals(2, line.path("files").asInt());
        assertEquals(fingerprint, line.path("fingerprint").asString(""));
    }

    @Test
    void missingDeclaration_isReportedOnce() throws Exception {
        Files.delete(bag.resolve("bagit.txt"));
        assertEquals("[\"bagit.txt is missing\"]", verify(5).path("record").toString());
    }

    @Test
    void bagOfSha512AndMd5_isCheckedByBoth_andHasTheSameFingerprint() throws Exception {
        String fingerprint = verify(0).path("fingerprint").asString("");
        checksums("sha512");
        shell("find data -type f | tr '\\n' '\\0' | xargs -0 md5sum > manifest-md5.txt");
        assertEquals(fingerprint, verify(0).path("fingerprint").asString(""));
        shell("sed -i 's/^......../00000000/' manifest-md5.txt");
        assertEquals(2, verify(5).path("changed").size());
    }

    @Test
    void anotherFingerprint_isWrongBytes_evenWhereTheBagAgreesWithItself() {
        says("not the expected " + SUM, verify(5, "--fingerprint", SUM).path("record"));
    }

    @Test
    void pathsThatBeginWithADotAndASlash_asFindWritesThem_areTheSameFiles() throws Exception {
        String fingerprint = verify(0).path("fingerprint").asString("");
        shell("sed -i 's#  data/#  ./data/#' manifest-sha256.txt; rm tagmanifest-sha256.txt;"
                + " find . -type f -name '*.txt' -not -path './data/*' | xargs sha256sum > ../t;"
                + " mv ../t tagmanifest-sha256.txt; echo 'https://example.org/a 3 ./data/a.txt' > fetch.txt");
        shell(
                "grep -v fetch.txt tagmanifest-sha256.txt > ../t; sha256sum ./fetch.txt >> ../t; mv ../t tagmanifest-sha256.txt");
        assertTrue(shell("cat *manifest-sha256.txt").contains("  ./data/sub/b c.txt"));
        JsonNode line = verify(0);
        assertEquals(fingerprint, line.path("fingerprint").asString(""));
        assertEquals("[]", line.path("record").toString());
        Files.writeString(bag.resolve("data/a.txt"), "ONE");
        assertEquals("[\"a.txt\"]", verify(5).path("changed").toString());
    }

    @Test
    void fileThatIsListedWithAndWithoutADot_isListedTwice() throws Exception {
        list(SUM + "  ./data/a.txt");
        list(SUM + "  ./../secret");
        list(SUM + "  .//etc/passwd");
        JsonNode line = verify(5);
        says("data/a.txt is listed twice", line.path("record"));
        says("unsafe path '../secret'", line.path("record"));
        says("unsafe path '/etc/passwd'", line.path("record"));
    }

    @Test
    void changedMissingAndExtraFiles_areNamed() throws Exception {
        Files.writeString(bag.resolve("data/a.txt"), "ONE");
        Files.move(bag.resolve("data/sub/b c.txt"), bag.resolve("data/sub/d.txt"));
        JsonNode line = verify(5);
        assertEquals("[\"a.txt\"]", line.path("changed").toString());
        assertEquals("[\"sub/b c.txt\"]", line.path("missing").toString());
        assertEquals("[\"sub/d.txt\"]", line.path("extra").toString());
    }

    @Test
    void changedTagFile_isNamed_andAMissingTagManifestIsReported() throws Exception {
        Files.writeString(bag.resolve("bag-info.txt"), "Payload-Oxum: 6.2\nContact-Name: somebody else\n");
        says("bag-info.txt was modified", verify(5).path("record"));
        Files.delete(bag.resolve("tagmanifest-sha256.txt"));
        says("no tag manifest", verify(0).path("unchecked"));
    }

    @Test
    void pathsOutOfTheBag_areNotFollowed() throws Exception {
        Files.writeString(folder.resolve("secret"), "secret");
        list(SUM + "  data/../../secret");
        list(SUM + "  /etc/passwd");
        list(SUM + "  data/%2e%2e/x");
        list(SUM + "  bagit.txt");
        JsonNode line = verify(5);
        says("line 3: unsafe path 'data/../../secret'", line.path("record"));
        says("line 4: unsafe path '/etc/passwd'", line.path("record"));
        says("bagit.txt is listed in the payload manifests", line.path("record"));
        says("%2e%2e/x", line.path("missing"));
    }

    @Test
    void links_areNotFollowed() throws Exception {
        Files.writeString(folder.resolve("secret"), "one");
        Files.delete(bag.resolve("data/a.txt"));
        Files.createSymbolicLink(bag.resolve("data/a.txt"), folder.resolve("secret"));
        Files.createSymbolicLink(bag.resolve("data/all"), folder);
        Files.createSymbolicLink(bag.resolve("fetch.txt"), folder.resolve("secret"));
        JsonNode line = verify(5);
        says("\"a.txt\"", line.path("missing"));
        says("a.txt (a link, not followed)", line.path("extra"));
        says("all (a link, not followed)", line.path("extra"));
        says("fetch.txt (a link, not followed)", line.path("record"));
    }

    @Test
    void percentEncodedNames_areReadAsTheStandardWritesThem() throws Exception {
        Files.writeString(bag.resolve("data/100%.txt"), "x");
        Files.writeString(bag.resolve("bag-info.txt"), "");
        checksums("sha256");
        shell("sed -i 's/100%/100%25/' manifest-sha256.txt; sha256sum *.txt > /tmp/$$;"
                + " grep -v tagmanifest /tmp/$$ > tagmanifest-sha256.txt; rm /tmp/$$");
        assertEquals(3, verify(0).path("files").asInt());
        list(SUM + "  data/line%0Abreak");
        says("unsafe path 'data/line\\\\u000abreak'", verify(5).path("record"));
    }

    @Test
    void filesLeftToFetch_makeTheBagIncomplete() throws Exception {
        Files.delete(bag.resolve("data/a.txt"));
        Files.writeString(
                bag.resolve("fetch.txt"), "https://example.org/a.txt 3 data/a.txt\nhttps://example.org/x - ../x\n");
        JsonNode line = verify(5);
        says("fetch.txt names 1 file still to be fetched", line.path("record"));
        says("no payload manifest lists '../x'", line.path("record"));
        says("a.txt", line.path("missing"));
    }

    @Test
    void bagWithoutDeclarationOrWithAStrangeOne_isNotOk() throws Exception {
        Files.delete(bag.resolve("bagit.txt"));
        says("bagit.txt is missing", verify(5).path("record"));
        Files.writeString(bag.resolve("bagit.txt"), "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-16\n");
        says("an encoding other than UTF-8", verify(5).path("record"));
    }

    @Test
    void manifestOfAnUnknownAlgorithm_isNeverTakenForAChecked() throws Exception {
        Files.writeString(bag.resolve("manifest-blake3.txt"), SUM + "  data/a.txt\n");
        says("manifest-blake3.txt", verify(0).path("unchecked"));
        Files.delete(bag.resolve("manifest-sha256.txt"));
        says("no payload manifest of a supported algorithm", verify(5).path("record"));
    }

    @Test
    void wrongSizeInBagInfo_duplicateLines_andNonsense_areReported() throws Exception {
        Files.writeString(bag.resolve("bag-info.txt"), "Payload-Oxum: 7.2\n");
        list(SUM + "  data/a.txt");
        list("nonsense");
        list("00  data/a.txt");
        JsonNode record = verify(5).path("record");
        says("states a payload of 7.2", record);
        says("line 3: data/a.txt is listed twice", record);
        says("line 4: not a checksum and a path: 'nonsense'", record);
        says("'00' is not a valid sha256", record);
    }

    @Test
    void notABag_isInvalidUsage_andOptionsForTheMirrorAreRefused() throws Exception {
        assertEquals(
                2, new ProgramRunner(folder, folder).run("verify", "./bag/data").exit());
        assertEquals(
                2, new ProgramRunner(folder, folder).run("verify", "./nothing").exit());
        assertEquals(
                2,
                new ProgramRunner(folder, folder)
                        .run("verify", "./bag", "--repair")
                        .exit());
        assertEquals(
                2,
                new ProgramRunner(folder, folder)
                        .run("verify", "./bag", "--fingerprint", "12")
                        .exit());
        assertEquals(
                2,
                new ProgramRunner(folder, folder)
                        .run("verify", "./bag", "./bag", "--fingerprint", SUM)
                        .exit());
    }

    @Test
    void nothingInTheFolder_isTouched() throws Exception {
        String before = shell("find . -printf '%p %T@ %C@ %s\\n' | sort");
        verify(0);
        assertEquals(before, shell("find . -printf '%p %T@ %C@ %s\\n' | sort"));
        Files.walkFileTree(bag, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                assertTrue(file.toFile().setReadOnly());
                return FileVisitResult.CONTINUE;
            }
        });
        verify(0);
    }

    @Test
    void manifestThatIsNotText_isAWrongBag() throws Exception {
        Files.write(bag.resolve("manifest-sha256.txt"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        JsonNode problem = verify(5);
        says("it is not UTF-8 text", problem);
    }

    @Test
    void nameInAnotherUnicodeForm_isTheListedFile_andReported() throws Exception {
        Files.writeString(bag.resolve("data/Dr\u00fcse.svs"), "three");
        Files.writeString(bag.resolve("bag-info.txt"), "Payload-Oxum: 11.3\n");
        checksums("sha256");
        String before = verify(0).path("fingerprint").asString();
        Files.move(bag.resolve("data/Dr\u00fcse.svs"), bag.resolve("data/Dru\u0308se.svs"));
        JsonNode moved = verify(0);
        assertEquals(before, moved.path("fingerprint").asString());
        assertEquals(
                List.of("data/Dr\u00fcse.svs"),
                List.of(moved.path("other_forms").path(0).asString()));
        Files.writeString(bag.resolve("data/Dru\u0308se.svs"), "THREE");
        says("Dr\u00fcse.svs", verify(5).path("changed"));
    }

    @Test
    void bothUnicodeFormsListed_areTwoFiles() throws Exception {
        Files.writeString(bag.resolve("data/Dr\u00fcse.svs"), "three");
        Files.writeString(bag.resolve("data/Dru\u0308se.svs"), "three");
        Files.writeString(bag.resolve("bag-info.txt"), "Payload-Oxum: 16.4\n");
        checksums("sha256");
        verify(0);
        Files.delete(bag.resolve("data/Dru\u0308se.svs"));
        says("Dru\u0308se.svs", verify(5).path("missing"));
    }

    @Test
    void bagThatListsNoFile_isNotCalledOk() throws Exception {
        shell("rm -r data; : > manifest-sha256.txt; rm tagmanifest-sha256.txt bag-info.txt");
        says("no manifest lists a file", verify(5).path("record"));
    }

    @Test
    void folderNamedByALink_isTheFolder() throws Exception {
        Files.move(bag, folder.resolve("elsewhere"));
        Files.createSymbolicLink(bag, folder.resolve("elsewhere"));
        assertTrue(verify(0).path("ok").asBoolean());
    }

    @Test
    void tagFileThatNoTagManifestLists_isReportedAsUnchecked() throws Exception {
        Files.writeString(bag.resolve("history.txt"), "anything");
        says("no tag manifest lists 1 file, such as history.txt", verify(0).path("unchecked"));
    }

    @Test
    void unknownVersionOfBagIt_isReported() throws Exception {
        Files.writeString(bag.resolve("bagit.txt"), "BagIt-Version: 9.0\nTag-File-Character-Encoding: UTF-8\n");
        checksums("sha256");
        says("BagIt-Version: 9.0 is not known", verify(0).path("unchecked"));
    }
}
