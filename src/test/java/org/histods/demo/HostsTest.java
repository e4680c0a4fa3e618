package org.histods.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.histods.digest.Algorithm;
import org.histods.digest.GitObjects;
import org.junit.jupiter.api.Test;

/** The responses of each simulated host of the demo. */
class HostsTest {

    private static final List<GeneratedFile> FILES = List.of(
            GeneratedFile.text("x/a.txt", "a"),
            GeneratedFile.text("x/deep/b.txt", "b".repeat(600)).asExecutable(),
            GeneratedFile.text("README.md", "read me"));
    private static final GitRepo REPO = new GitRepo("owner", "repo", FILES);
    private static final Map<String, DemoHost> GITHUB = new GithubHosts(REPO).byName();

    private static String text(DemoResponse reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    private static DemoResponse github(String host, String path) {
        return Objects.requireNonNull(GITHUB.get(host)).respond(path, Map.of("recursive", "1"));
    }

    @Test
    void zenodoRecord_statesSizeAndChecksumOfItsFiles() {
        GeneratedFile file = GeneratedFile.text("tiles.zip", "zip");
        DemoHost zenodo = new ZenodoHost(List.of(new ZenodoHost.Deposit("42", "41", "", "A \"title\"", List.of(file))));
        String json = text(zenodo.respond("/api/records/42", Map.of()));
        assertTrue(json.contains("\"title\":\"A \\\"title\\\"\""), json);
        assertTrue(
                json.contains("\"key\":\"tiles.zip\",\"size\":3,\"checksum\":\"" + file.checksum(Algorithm.MD5)), json);
        assertTrue(json.contains("https://zenodo.org/api/records/42/files/tiles.zip/content"), json);
    }

    @Test
    void zenodoFile_comesAtBothUrlsWithItsMd5AsEtag() {
        GeneratedFile file = GeneratedFile.text("tiles.zip", "zip");
        DemoHost zenodo = new ZenodoHost(List.of(new ZenodoHost.Deposit("42", "41", "", "title", List.of(file))));
        for (String path : List.of("/api/records/42/files/tiles.zip/content", "/records/42/files/tiles.zip")) {
            DemoResponse reply = zenodo.respond(path, Map.of("download", "1"));
            assertEquals("zip", text(reply));
            assertEquals("\"" + file.checksum(Algorithm.MD5) + "\"", reply.etag());
        }
        assertEquals(404, zenodo.respond("/api/records/43", Map.of()).status());
        assertEquals(
                404, zenodo.respond("/records/42/files/other.zip", Map.of()).status());
    }

    @Test
    void githubArchive_isRedirectedAndStreamedAndAlwaysTheSame() {
        DemoResponse redirect = github("github.com", "/owner/repo/archive/" + REPO.commit() + ".tar.gz");
        assertEquals(302, redirect.status());
        String path = "/owner/repo/tar.gz/" + REPO.commit();
        assertEquals("https://codeload.github.com" + path, redirect.headers().get("Location"));
        DemoResponse archive = github("codeload.github.com", path);
        assertFalse(archive.ranged());
        assertArrayEquals(archive.body(), new GitRepo("owner", "repo", FILES).archive());
    }

    @Test
    void githubArchive_holdsTheTreeThatIsPinned() throws IOException {
        String folder = "repo-" + REPO.commit() + "/x/";
        GitObjects.Tree tree = new GitObjects.Tree();
        int members = 0;
        for (GeneratedFile member : untar(REPO.archive())) {
            if (member.path().startsWith(folder) && !member.path().endsWith("/")) {
                String path = member.path().substring(folder.length());
                tree.add(path, member.executable(), GitObjects.blob(member.bytes()));
                members++;
            }
        }
        assertEquals(2, members);
        assertEquals(REPO.tree("x/"), tree.id());
    }

    /** The entries of a gzipped ustar whose names fit into 100 bytes. */
    private static List<GeneratedFile> untar(byte[] archive) throws IOException {
        List<GeneratedFile> members = new ArrayList<>();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(archive))) {
            for (byte[] header = in.readNBytes(512); header[0] != 0; header = in.readNBytes(512)) {
                assertEquals("ustar", new String(header, 257, 5, StandardCharsets.US_ASCII));
                String name = new String(header, 0, 100, StandardCharsets.UTF_8);
                int size = Integer.parseInt(new String(header, 124, 11, StandardCharsets.US_ASCII), 8);
                int mode = Integer.parseInt(new String(header, 100, 7, StandardCharsets.US_ASCII), 8);
                byte[] content = in.readNBytes(size);
                in.skipNBytes((512 - size % 512) % 512);
                members.add(new GeneratedFile(name.substring(0, name.indexOf('\0')), content, (mode & 0100) != 0));
            }
        }
        return members;
    }

    @Test
    void githubTree_isListedByFolderIdAndByCommit() {
        String api = "/repos/owner/repo/git/trees/";
        String folder = text(github("api.github.com", api + REPO.tree("x/").hex()));
        String blob = GitObjects.blob(FILES.get(1).bytes()).hex();
        String line =
                "{\"path\":\"deep/b.txt\",\"mode\":\"100755\",\"type\":\"blob\",\"sha\":\"" + blob + "\",\"size\":600}";
        assertTrue(folder.contains(line), folder);
        assertFalse(folder.contains("README.md"), folder);
        assertTrue(text(github("api.github.com", api + REPO.commit())).contains("\"path\":\"x/deep/b.txt\""));
        assertEquals(404, github("api.github.com", api + "0".repeat(40)).status());
    }

    @Test
    void githubRawFile_comesFromTheCommitOnly() {
        String path = "/owner/repo/" + REPO.commit() + "/x/a.txt";
        assertEquals("a", text(github("raw.githubusercontent.com", path)));
        assertEquals(
                404,
                github("raw.githubusercontent.com", "/owner/repo/main/x/a.txt").status());
        DemoResponse viaSite = github("github.com", "/owner/repo/raw/" + REPO.commit() + "/x/a.txt");
        assertEquals(
                "https://raw.githubusercontent.com" + path, viaSite.headers().get("Location"));
    }

    @Test
    void bucket_isListedPageByPage() {
        List<GeneratedFile> objects = new ArrayList<>();
        for (String key : List.of("p/1.png", "p/2.png", "p/3 b.png", "p/4.png", "p/5.png", "q/6.png")) {
            objects.add(GeneratedFile.text(key, key));
        }
        DemoHost bucket = new S3Host("bucket", objects);
        List<String> keys = new ArrayList<>();
        String token = "";
        int pages = 0;
        for (boolean more = true; more; pages++) {
            Map<String, String> query = Map.of("list-type", "2", "prefix", "p/", "encoding-type", "url");
            Map<String, String> next = new java.util.HashMap<>(query);
            if (!token.isEmpty()) {
                next.put("continuation-token", token);
            }
            String page = text(bucket.respond("/", next));
            keys.addAll(all("<Key>(.*?)</Key>", page));
            more = page.contains("<IsTruncated>true<");
            token = more ? all("<NextContinuationToken>(.*?)<", page).get(0) : "";
        }
        assertEquals(3, pages);
        assertEquals(List.of("p/1.png", "p/2.png", "p/3+b.png", "p/4.png", "p/5.png"), keys);
    }

    private static List<String> all(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        List<String> found = new ArrayList<>();
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @Test
    void object_hasItsMd5AsEtagAndAMissingOneAnErrorOfS3() {
        GeneratedFile object = GeneratedFile.text("p/1.png", "one");
        DemoHost bucket = new S3Host("bucket", List.of(object));
        DemoResponse reply = bucket.respond("/p/1.png", Map.of());
        assertEquals("\"" + object.checksum(Algorithm.MD5).hex() + "\"", reply.etag());
        DemoResponse missing = bucket.respond("/p/2.png", Map.of());
        assertEquals(404, missing.status());
        assertTrue(text(missing).contains("<Code>NoSuchKey</Code>"));
    }
}
