package org.histods.testing;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.problem.Problem.Kind;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Simulates the host of one source of a manifest, in the host's own format: it has the record that the source names, with a
 * file for each pinned file or each glob, and nothing else. So a record, an option or a glob with a mistake in it finds
 * nothing.
 */
public final class ManifestHost implements Transport {

    private static final String UUID = "0a1b2c3d-0000-4000-8000-000000000001";
    private static final Pattern COLLECTION = Pattern.compile("collections/([0-9]+)(?:/versions/([0-9]+))?");

    private final SourceSpec spec;
    private final List<String> names = new ArrayList<>();
    private final @Nullable String list;

    public ManifestHost(SourceSpec spec) {
        this.spec = spec;
        this.list = spec.listing().checksumList();
        for (PinnedFile file : spec.files()) {
            names.add(file.plainPath());
        }
        for (String glob : spec.listing().include()) {
            names.add(example(glob));
        }
        if (names.isEmpty()) {
            names.add("a.svs");
        }
    }

    /** A path that the glob matches. */
    private static String example(String glob) {
        return glob.replace("**", "x")
                .replace("*", "y")
                .replaceAll("\\{([^,}]*)[^}]*\\}", "$1")
                .replace("?", "z")
                .replaceAll("/$", "/x");
    }

    @Override
    public Response open(Request request) throws Problem {
        String uri = request.uri().toString();
        Map<String, String> headers =
                uri.contains("authorize_public_link") ? Map.of("location", "https://x.example/token?code=c") : Map.of();
        byte[] body = response(uri, request).getBytes(StandardCharsets.UTF_8);
        return new Response(
                200, request.uri(), List.of(), headers, 0, body.length, body.length, new ByteArrayInputStream(body));
    }

    @Override
    public byte[] read(Request request, int most) throws Problem {
        return response(request.uri().toString(), request).getBytes(StandardCharsets.UTF_8);
    }

    private String response(String uri, Request request) throws Problem {
        String path = String.valueOf(request.uri().getPath());
        String output = list != null && (uri.endsWith("/" + list) || uri.equals(list)) ? checksums(list) : null;
        output = output == null && uri.startsWith("https://zenodo.org/api/records/") ? zenodo(path) : output;
        output = output == null && uri.startsWith("https://api.figshare.com/v2/") ? figshare(path) : output;
        output = output == null && uri.contains("list-type=2") ? s3(uri) : output;
        output = output == null && uri.startsWith("https://api.imaging.datacommons") ? idc(path) : output;
        output = output == null && uri.startsWith("https://api.gdc.cancer.gov/files?") ? gdc() : output;
        output = output == null && uri.startsWith("https://cancerimagingarchive.net/api/") ? tcia(path) : output;
        output = output == null && uri.startsWith("https://faspex.") ? faspex(path) : output;
        output = output == null && uri.startsWith("https://pathdb.") ? pathdb(uri) : output;
        output = output == null && uri.startsWith("https://api.github.com/repos/") ? github(path) : output;
        output = output == null && uri.startsWith("https://huggingface.co/api/" + repository())
                ? huggingFace(path)
                : output;
        output = output == null && uri.startsWith(spec.record()) && uri.endsWith("/") ? folder(uri) : output;
        if (output == null) {
            Attempt attempt = new Attempt(spec.kind(), uri, 404, null, "there is no such thing");
            throw new Problem(Kind.NETWORK, "no simulated host has " + uri, null, List.of(attempt), null);
        }
        return output;
    }

    /** A checksum for each file below the list's own folder. */
    private String checksums(String list) {
        String folder = list.contains("/") ? list.substring(0, list.lastIndexOf('/') + 1) : "";
        StringBuilder out = new StringBuilder();
        for (String name : names) {
            if (name.startsWith(folder)) {
                out.append("0".repeat(32))
                        .append("  ")
                        .append(name.substring(folder.length()))
                        .append('\n');
            }
        }
        return out.toString();
    }

    private @Nullable String zenodo(String path) {
        String series = spec.option("zenodo");
        String id = series == null ? spec.record() : series;
        String version = spec.option("idc-version") == null ? "v1" : spec.option("idc-version");
        String manifest = "x-idc_" + version + "-aws.s5cmd";
        if (path.contains("/files/")) {
            return "cp s3://idc-open-data/" + UUID + "/* .\n";
        }
        return !path.endsWith("/" + id)
                ? null
                : "{\"id\": " + id + ", \"conceptrecid\": \"1\", \"files\": ["
                        + entries(series == null ? names : List.of(manifest), "{\"key\": \"%s\", \"size\": 63}") + "]}";
    }

    private static String entries(List<String> names, String form) {
        return String.join(",", names.stream().map(form::formatted).toList());
    }

    private @Nullable String figshare(String path) {
        Matcher collection = COLLECTION.matcher(spec.record());
        if (path.endsWith("/articles")) {
            return "[{\"id\": 5}]";
        }
        if (path.endsWith("/articles/5")) {
            return "{\"id\": 5, \"size\": 7, \"files\": ["
                    + entries(names, "{\"id\": 9, \"name\": \"%s\", \"size\": 7, \"is_link_only\": false}") + "]}";
        }
        boolean there = collection.matches() && path.startsWith("/v2/collections/" + collection.group(1));
        return there ? "{\"id\": " + collection.group(1) + ", \"version\": " + collection.group(2) + "}" : null;
    }

    /** A bucket's folder, or a series of the IDC. */
    private String s3(String uri) {
        String prefix = UrlEncoding.decode(uri.replaceFirst(".*[?&]prefix=([^&]*).*", "$1"));
        List<String> keys = new ArrayList<>();
        for (String name : spec.kind().equals("idc") ? List.of(UUID + ".dcm") : names) {
            keys.add(prefix + name);
        }
        return "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>false</IsTruncated>"
                + entries(keys, "<Contents><Key>%s</Key><Size>7</Size></Contents>")
                        .replace(">,<", "><")
                + "</ListBucketResult>";
    }

    private @Nullable String idc(String path) {
        return switch (path) {
            case "/v3/cohort/manifest" ->
                "{\"total_series\": 1, \"series\": [{\"series_aws_url\": \"s3://idc-open-data/" + UUID
                        + "/*\", \"crdc_series_uuid\": \"" + UUID + "\", \"collection_id\": \"c\","
                        + " \"PatientID\": \"P1\", \"StudyInstanceUID\": \"1.2\", \"SeriesInstanceUID\": \"1.2.3\"}]}";
            case "/v3/collections" ->
                "{\"collections\": [{\"collection_id\": \"" + spec.record().replace("*", "x") + "\"}]}";
            default -> null;
        };
    }

    private String gdc() {
        return "{\"data\": {\"hits\": [{\"file_id\": \"" + UUID + "\", \"file_name\": \"a.svs\", \"file_size\": 7,"
                + " \"access\": \"open\", \"cases\": [{\"project\": {\"project_id\": \"TCGA-AA\"}}]}],"
                + " \"pagination\": {\"total\": 1}}}";
    }

    /** One collection, result or download under every name that the source gives. */
    private @Nullable String tcia(String path) {
        String number = spec.option("package") == null ? "9" : spec.option("package");
        String context = Base64.getEncoder()
                .encodeToString(("{\"id\":\"" + number + "\",\"passcode\":\"p\"}").getBytes(StandardCharsets.UTF_8));
        String link = "https://faspex.cancerimagingarchive.net/aspera/faspex/public/package?context=" + context;
        if (path.endsWith("/downloads/")) {
            String download = spec.option("download") == null ? spec.record() : spec.option("download");
            String id = download.matches("[0-9]+") ? download : "41";
            return "[{\"id\": " + id + ", \"slug\": \"" + spec.record()
                    + "\", \"download_title\": \"x\", \"download_url\": \"" + link + "\"}]";
        }
        String result = spec.option("analysis-result");
        String collection = spec.option("collection");
        String slug = result != null ? result : collection == null ? spec.record() : collection;
        return "[{\"id\": 1, \"slug\": \"" + slug + "\", \"collection_downloads\": [41], \"result_downloads\": [41]}]";
    }

    private @Nullable String faspex(String path) {
        if (path.endsWith("/config.js")) {
            return "window.config = { client_id: 'c', redirect_uri: '/aspera/faspex/token', api_url: '/aspera/faspex/api/v5' };";
        }
        if (path.endsWith("/auth/token")) {
            return "{\"access_token\": \"t\"}";
        }
        if (path.contains("/files/received")) {
            List<String> all = new ArrayList<>(names);
            if (list != null) {
                all.add(list);
            }
            return "{\"items\": [" + entries(all, "{\"path\": \"/%s\", \"type\": \"file\", \"size\": 7}")
                    + "], \"total_count\": " + all.size() + "}";
        }
        return path.contains("/packages/") ? "{\"pagination_browsing\": false}" : "";
    }

    private @Nullable String pathdb(String uri) {
        String collection = spec.option("collection") == null ? spec.record() : spec.option("collection");
        if (uri.contains("/collections?")) {
            return "[{\"name\": [{\"value\": \"" + collection + "\"}], \"tid\": [{\"value\": 18}]}]";
        }
        return !uri.endsWith("page=0")
                ? "[]"
                : "[{\"nid\": [{\"value\": 1}], \"field_wsiimage\": [{\"url\":"
                        + " \"http://pathdb.cancerimagingarchive.net/system/files/wsi/ross/" + names.get(0) + "\"}]}]";
    }

    /** A repository that is asked file by file: its commit and the tree of the pinned files. */
    private String github(String path) {
        if (path.contains("/commits/")) {
            return "{\"sha\": \"" + "a".repeat(40) + "\", \"commit\": {\"tree\": {\"sha\": \"" + "b".repeat(40)
                    + "\"}}}";
        }
        List<String> wanted = spec.files().stream().map(PinnedFiles::name).toList();
        return "{\"truncated\": false, \"tree\": ["
                + entries(
                        wanted,
                        "{\"path\": \"%s\", \"type\": \"blob\", \"mode\": \"100644\", \"size\": 7, \"sha\": \""
                                + "c".repeat(40) + "\"}")
                + "]}";
    }

    private String repository() {
        return spec.record().replaceFirst("@.*", "");
    }

    /** A repository at Hugging Face: the commit that a revision stands for, and its tree. */
    private @Nullable String huggingFace(String path) {
        if (path.contains("/revision/")) {
            return "{\"sha\": \"" + "a".repeat(40) + "\"}";
        }
        return !path.contains("/tree/")
                ? null
                : "[" + entries(names, "{\"type\": \"file\", \"path\": \"%s\", \"size\": 7}") + "]";
    }

    /** What lies directly below a folder of an FTP or a web server. */
    private @Nullable String folder(String uri) {
        String below = UrlEncoding.decode(uri.substring(spec.record().length()));
        TreeSet<String> here = new TreeSet<>();
        for (String name : names) {
            if (below != null && name.startsWith(below)) {
                here.add(name.substring(below.length()).replaceFirst("/.*", "/"));
            }
        }
        boolean ftp = URI.create(uri).getScheme().equals("ftp");
        StringBuilder out = new StringBuilder(ftp ? "# listing of an FTP folder\n" : "<title>Index of /</title>");
        for (String name : here) {
            boolean folder = name.endsWith("/");
            String plain = folder ? name.substring(0, name.length() - 1) : name;
            out.append(
                    ftp
                            ? (folder ? "d 0 " : "f 7 ") + plain + "\n"
                            : "<a href=\"" + UrlEncoding.path(name) + "\">" + plain + "</a>\n");
        }
        return out.toString();
    }

    @Override
    public void close() {}
}
