package org.histods.source.tcia;

import static org.histods.testing.PullFixture.manifest;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.pull.Puller;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.FakeOrigin;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A series of TCIA's radiology from its zip, of unknown length, to the bag. */
final class NbiaTest {

    private static final String SERIES = "1.3.6.1.4.1.14519.5.2.1.100";
    private static final String API = "/services.cancerimagingarchive.net/nbia-api/services/v1/";
    private static final String AT = API + "getImageWithMD5Hash?SeriesInstanceUID=" + SERIES;
    private static final byte[] IMAGE = ArchiveFixtures.noise(200_000, 5);

    @TempDir
    Path temp;

    private PullFixture fixture;

    @BeforeEach
    void open() throws IOException {
        fixture = new PullFixture(temp);
        fixture.origin.put(
                API + "getSeries?Collection=UPENN-GBM&format=json",
                PullFixture.text("[{\"SeriesInstanceUID\": \"" + SERIES + "\"}]"));
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private static byte[] zip(String md5) throws IOException {
        return ArchiveFixtures.streamedZip(ArchiveFixtures.members(
                "00000001.dcm", IMAGE, "md5hashes.csv", "Filename,MD5Hash\n00000001.dcm," + md5 + "\n"));
    }

    /** Without a length, as from the service; the end of the connection is the end of the zip. */
    private static FakeOrigin.Script served(byte[] zip) {
        return (call, out) -> {
            FakeOrigin.head(out, "200 OK", "Content-Type: application/octet-stream");
            out.write(zip);
        };
    }

    private static ManifestFile toy() throws Problem {
        return manifest("""
                sources:
                  - kind: tcia
                    record: UPENN-GBM
                    official: true
                    options: { via: nbia }
                """);
    }

    @Test
    void series_unpacksIntoItsFolder() throws Exception {
        fixture.origin.always(AT, served(zip(ArchiveFixtures.hex("md5", IMAGE))));

        Puller.Result result = fixture.pull(toy());

        Path data = result.bag().ref().data();
        assertArrayEquals(IMAGE, Files.readAllBytes(data.resolve(SERIES + "/00000001.dcm")));
        assertEquals("computed", fixture.events.fetched.get(0).check());
    }

    @Test
    void imageThatIsNotWhatTheListSays_isWrongBytesAndNothingIsPublished() throws Exception {
        fixture.origin.always(AT, served(zip("00000000000000000000000000000000")));

        Problem problem = assertThrows(Problem.class, () -> fixture.pull(toy()));

        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("00000001.dcm"), problem.message());
        assertEquals(Map.of(), fixture.files("datasets"));
        assertEquals(Map.of(), fixture.files("partial"));
    }
}
