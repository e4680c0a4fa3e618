package org.histods.source.ftp;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.testing.SourceContract;
import org.histods.testing.SpecBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Listings are served over HTTP, as with a host rewrite; the transport's tests use FTP. */
final class FtpSourceTest extends SourceContract {

    private static final String HOSTNAME = "/histoimage.na.icar.cnr.it/";
    private static final String EMPTY = "# listing of an FTP folder: kind, size, name\n";

    @BeforeEach
    void folders() {
        stub(HOSTNAME + "BRACS_WSI/", 200, resource("ftp/slides.txt"));
        stub(HOSTNAME + "BRACS_WSI/empty/", 200, EMPTY);
        stub(HOSTNAME + "BRACS_RoI/", 200, EMPTY + "d 0 latest_version\nd 0 previous_versions\n");
        stub(HOSTNAME + "BRACS_RoI/latest_version/", 200, EMPTY + "f -1 0_N.png\n");
    }

    @Override
    public String kind() {
        return "ftp";
    }

    @Override
    public SpecBuilder unpinned() {
        return SpecBuilder.spec("ftp", "ftp://histoimage.na.icar.cnr.it/")
                .include("BRACS_RoI/latest_version/**", "BRACS_WSI/**", "BRACS.xlsx");
    }

    @Override
    public SpecBuilder pinned() {
        return SpecBuilder.spec("ftp", "ftp://histoimage.na.icar.cnr.it/").file("BRACS_WSI/a b#1.svs", null, 7L);
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("ftp", "ftp://me:secret@histoimage.na.icar.cnr.it/")
                .file("BRACS.xlsx");
    }

    @Override
    public String requested() {
        return HOSTNAME;
    }

    @Override
    public String recorded() {
        return resource("ftp/root.txt");
    }

    @Override
    public List<String> listed() {
        return List.of("BRACS.xlsx", "BRACS_WSI/a b#1.svs", "BRACS_RoI/latest_version/0_N.png");
    }

    @Override
    public String recordedEmpty() {
        return EMPTY;
    }

    @Override
    public String withUnknownField() {
        return recorded() + "# something new\n";
    }

    /** A folder's name is as dangerous as a file's; the globs of the other tests would leave it out. */
    @Override
    @Test
    public void hostileName_isRefusedAndNotRepaired() {
        for (String kind : List.of("f", "d")) {
            stub(requested(), 200, EMPTY + kind + " 7 ../evil\n");

            Problem problem = refused(SpecBuilder.spec("ftp", "ftp://histoimage.na.icar.cnr.it/"));

            assertEquals(Kind.WRONG_BYTES, problem.kind());
            assertTrue(problem.message().contains("../evil"), problem.message());
        }
    }

    @Override
    public String scheme() {
        return "ftp";
    }

    @Test
    void file_hasItsSizeAndAnUrlEncodedBySegment() throws Problem {
        stub(requested(), 200, recorded());

        List<RemoteFile> files = resolve(unpinned());

        assertEquals(
                "ftp://histoimage.na.icar.cnr.it/BRACS_WSI/a%20b%231.svs",
                files.get(1).uri().toString());
        assertEquals(7000000000L, files.get(1).bytes());
        assertEquals(null, files.get(2).bytes());
        assertTrue(files.get(1).checksums().isEmpty());
    }

    @Test
    void foldersThatNoGlobCanKeep_areNotRequested() throws Problem {
        stub(requested(), 200, recorded());

        resolve(unpinned());

        HOST.verify(0, getRequestedFor(urlEqualTo(HOSTNAME + "BRACS_RoI/previous_versions/")));
    }

    @Test
    void linkThatCounts_isNamedRatherThanLeftOut() {
        stub(requested(), 200, recorded());

        Problem problem = refused(SpecBuilder.spec("ftp", "ftp://histoimage.na.icar.cnr.it/"));

        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("newest"), problem.message());
    }

    @Test
    void foldersWithoutEnd_areNotFollowedForEver() {
        HOST.stubFor(any(anyUrl()).willReturn(aResponse().withBody(EMPTY + "d 0 again\n")));

        assertEquals(
                Kind.NETWORK,
                refused(SpecBuilder.spec("ftp", "ftp://histoimage.na.icar.cnr.it/"))
                        .kind());
    }
}
