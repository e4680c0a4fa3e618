package org.histods.source.gdc;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.digest.Algorithm;
import org.histods.manifest.PinnedFile;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.StatedChecksums;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import tools.jackson.databind.JsonNode;

/** Describes the slides of a project of the GDC, or one of its files. */
final class GdcDescriber {

    private static final String PORTAL = "https://portal.gdc.cancer.gov/";
    private static final Pattern PROJECT = Pattern.compile("/(?:v[01]/)?projects/([A-Za-z0-9_.]+-[A-Za-z0-9_.-]+)/?");
    private static final Pattern FILE =
            Pattern.compile("/(?:v[01]/)?(?:files|data)/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})/?");
    private static final String FIELDS = "file_name,file_size,md5sum,access,cases.project.project_id";

    private GdcDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        String host = url.getHost() == null ? "" : url.getHost();
        String path = url.getPath() == null ? "" : url.getPath();
        if (!host.equals("portal.gdc.cancer.gov") && !host.equals("api.gdc.cancer.gov")) {
            return Optional.empty();
        }
        Matcher project = PROJECT.matcher(path);
        if (project.matches()) {
            return Optional.of(project(project.group(1), transport));
        }
        Matcher file = FILE.matcher(path);
        if (file.matches()) {
            return Optional.of(file(file.group(1), transport));
        }
        throw new Problem(
                Kind.USAGE,
                "the URL of the page does not contain the selection made at " + PORTAL,
                "give the URL of a project, such as " + PORTAL + "projects/TCGA-BRCA, and narrow the manifest with"
                        + " the options that docs/sources.md lists");
    }

    private static RecordDescription project(String id, Transport transport) throws Problem {
        String page = PORTAL + "projects/" + id;
        URI uri = URI.create(GdcSource.API + "projects/" + UrlEncoding.segment(id) + "?fields=name,project_id");
        JsonNode about = JsonResponse.read(transport, Request.get(uri), "gdc " + id, page)
                .path("data");
        List<PinnedFile> files = new ArrayList<>();
        for (RemoteFile file :
                new GdcSource().resolve(RecordDescription.spec("gdc", id, Map.of(), List.of()), transport)) {
            String url = file.uri().toString();
            String uuid = url.substring(url.lastIndexOf('/') + 1);
            files.add(RecordDescription.file(file.path().text(), uuid, file.bytes(), file.checksums()));
        }
        String name = JsonResponse.text(about, "name");
        return RecordDescription.named(
                RecordDescription.source("gdc", id, Map.of(), List.of(), files),
                name == null ? id : id + ": " + name,
                page,
                "Genomic Data Commons");
    }

    private static RecordDescription file(String id, Transport transport) throws Problem {
        String page = PORTAL + "files/" + id;
        URI uri = URI.create(GdcSource.API + "files/" + id + "?fields=" + FIELDS);
        JsonNode file = JsonResponse.read(transport, Request.get(uri), "gdc file " + id, page)
                .path("data");
        String name = JsonResponse.text(file, "file_name");
        String project = JsonResponse.text(file.path("cases").path(0), "project", "project_id");
        if (name == null || project == null) {
            throw new Problem(Kind.NETWORK, "gdc file " + id + ": the host does not state its name and project");
        }
        if ("controlled".equals(JsonResponse.text(file, "access"))) {
            throw new Problem(
                    Kind.PERSON,
                    "gdc file " + id + " (" + name + ") is under controlled access",
                    "see https://gdc.cancer.gov/access-data/obtaining-access-controlled-data");
        }
        List<Stated> checksums = StatedChecksums.hex(Algorithm.MD5, JsonResponse.text(file, "md5sum"), GdcSource.BY);
        PinnedFile pinned =
                RecordDescription.file(project + "/" + name, id, JsonResponse.size(file, "file_size"), checksums);
        return RecordDescription.named(
                RecordDescription.spec("gdc", project, Map.of(), List.of(pinned)), name, page, "Genomic Data Commons");
    }
}
