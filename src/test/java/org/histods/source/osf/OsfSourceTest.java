package org.histods.source.osf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.all.Sources;
import org.histods.testing.SourceContract;
import org.histods.testing.SpecBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OsfSourceTest extends SourceContract {

    private static final String NODE = "/api.osf.io/v2/nodes/ab3de/";
    private static final String ROOT = NODE + "files/osfstorage/?page%5Bsize%5D=100";
    private static final String FOLDER = NODE + "files/osfstorage/5f1/?page%5Bsize%5D=100";

    @BeforeEach
    void folder() {
        stub(FOLDER, 200, resource("osf/folder.json"));
    }

    @Override
    public String kind() {
        return "osf";
    }

    @Override
    public SpecBuilder unpinned() {
        return SpecBuilder.spec("osf", "ab3de");
    }

    @Override
    public SpecBuilder pinned() {
        return unpinned().file("a.svs", "xy9zk", 9L);
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("osf", "https://osf.io/ab3de").file("a.svs", "xy9zk", 9L);
    }

    @Override
    public String requested() {
        return ROOT;
    }

    @Override
    public String recorded() {
        return resource("osf/root.json");
    }

    @Override
    public List<String> listed() {
        return List.of("read me.txt", "slides/a.svs");
    }

    @Override
    public String recordedEmpty() {
        return "{\"data\": [], \"links\": {\"next\": null}}";
    }

    @Override
    public String withHostileName() {
        return recorded().replace("\"kind\": \"folder\"", "\"kind\": \"file\"").replace("slides\"", "../evil\"");
    }

    @Test
    void listedFile_carriesBothChecksumsAndBothUrls() throws Problem {
        stub(ROOT, 200, recorded());

        List<RemoteFile> files = resolve(unpinned());

        assertEquals(
                List.of(
                        "https://osf.io/download/xy9zk/",
                        "https://files.osf.io/v1/resources/ab3de/providers/osfstorage/5f2aa"),
                files.get(0).uris().stream().map(Object::toString).toList());
        assertEquals(
                List.of(
                        "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                        "md5:0123456789abcdef0123456789abcdef"),
                files.get(0).checksums().stream()
                        .map(s -> s.checksum().toString())
                        .toList());
        assertEquals("OSF", files.get(0).checksums().get(0).by());
        assertTrue(files.get(1).checksums().isEmpty());
    }

    @Test
    void downloadUrlAtAnotherHost_isNotUsed() throws Problem {
        stub(ROOT, 200, recorded());

        assertEquals(
                List.of("https://files.osf.io/v1/resources/ab3de/providers/osfstorage/5f3aa"),
                resolve(unpinned()).get(1).uris().stream().map(Object::toString).toList());
    }

    @Test
    void longListing_isFollowedToItsEnd() throws Problem {
        String second = ROOT + "&page=2";
        stub(ROOT, 200, recorded().replace("\"next\": null", "\"next\": \"https:/" + second + "\""));
        stub(second, 200, resource("osf/folder.json"));

        assertEquals(List.of("read me.txt", "a.svs", "slides/a.svs"), paths(resolve(unpinned())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/v2/",
                "https://api.osf.io/v2/nodes/ab3de/files/osfstorage/?page[size]=100",
                "no address at all"
            })
    void listingThatContinuesElsewhereOrRepeats_isRefused(String next) {
        stub(ROOT, 200, recorded().replace("\"next\": null", "\"next\": \"" + next + "\""));

        assertEquals(Kind.NETWORK, refused(unpinned()).kind());
    }

    @Test
    void registrationAndOtherStorage_areRequestedAsSuch() throws Problem {
        stub("/api.osf.io/v2/registrations/ab3de/files/github/?page%5Bsize%5D=100", 200, resource("osf/folder.json"));

        assertEquals(
                List.of("a.svs"),
                paths(resolve(SpecBuilder.spec("osf", "registrations/ab3de").option("provider", "github"))));
    }

    @Test
    void pinnedFile_isRequestedByItsIdOrLookedUpByItsPath() throws Problem {
        stub(ROOT, 200, recorded());

        assertEquals(
                "https://osf.io/download/xy9zk/", resolve(pinned()).get(0).uri().toString());
        assertEquals(
                "https://osf.io/download/xy9zk/",
                resolve(unpinned().file("read me.txt")).get(0).uri().toString());
        assertEquals(Kind.UPSTREAM_CHANGED, refused(unpinned().file("gone.svs")).kind());
    }

    @ParameterizedTest
    @CsvSource({
        "https://osf.io/ab3de",
        "https://osf.io/ab3de/files/osfstorage",
        "https://api.osf.io/v2/nodes/ab3de/",
        "10.17605/OSF.IO/AB3DE"
    })
    void anyUrlOfAProject_isDescribed(String url) throws Problem {
        stub(NODE + "?embed=license&embed=contributors", 200, resource("osf/node.json"));
        stub(ROOT, 200, recorded());

        RecordDescription described = Sources.describe(url, transport).orElseThrow();

        assertEquals("ab3de", described.spec().record());
        assertEquals("xy9zk", described.spec().files().get(0).at());
        assertEquals("Slides of something", described.title());
        assertEquals(2021, described.publication().year());
    }

    @Test
    void projectWithFilesInItsComponentsOnly_isReported() {
        stub(requested(), 200, recordedEmpty());

        Problem problem = refused(unpinned());

        assertEquals(Kind.UPSTREAM_CHANGED, problem.kind());
        assertTrue(String.valueOf(problem.hint()).contains("components"), problem.hint());
    }

    @Test
    void components_comeAsFoldersNamedByTheirIdsWhereTheyAreWanted() throws Problem {
        String nodes = "/api.osf.io/v2/nodes/";
        String page = "?page%5Bsize%5D=100";
        stub(nodes + "ab3de/files/osfstorage/" + page, 200, "{\"data\": []}");
        stub(nodes + "ab3de/children/" + page, 200, "{\"data\": [{\"id\": \"cd4ef\"}]}");
        stub(nodes + "cd4ef/files/osfstorage/" + page, 200, resource("osf/folder.json"));
        stub(nodes + "cd4ef/children/" + page, 200, "{\"data\": []}");

        List<RemoteFile> files = resolve(SpecBuilder.spec("osf", "ab3de").option("components", "true"));

        assertEquals(List.of("cd4ef/a.svs"), paths(files));
        assertTrue(files.get(0).uri().toString().contains("/resources/cd4ef/"), files.toString());
        assertEquals(
                Kind.USAGE,
                refused(SpecBuilder.spec("osf", "ab3de").option("components", "all"))
                        .kind());

        stub(nodes + "cd4ef/children/" + page, 200, "{\"data\": [{\"id\": \"ab3de\"}]}");
        assertEquals(
                Kind.NETWORK,
                refused(SpecBuilder.spec("osf", "ab3de").option("components", "true"))
                        .kind());
    }
}
