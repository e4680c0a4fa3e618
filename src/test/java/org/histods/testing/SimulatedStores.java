package org.histods.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.histods.testing.RandomFiles.RandomFile;

/** Hosts other than repositories of research data: code, buckets, cancer archives, torrents, plain servers. */
public final class SimulatedStores {

    private SimulatedStores() {}

    public static SimulatedRecord githubFolder(RandomFiles random, SimulatedHosts hosts) throws Exception {
        String repo = "lab/" + random.word();
        String commit = random.hex(40);
        RandomFile one = random.plain();
        commit(repo, commit, random.hex(40), one, hosts);
        return SimulatedRecord.of("github", "https://github.com/" + repo + "/tree/main/data")
                .verified(one.in("data"));
    }

    /** A commit of the repository with that file in its folder {@code data}, which is the newest then. */
    static void commit(String repo, String commit, String root, RandomFile one, SimulatedHosts hosts)
            throws IOException {
        String tree = java.util.HexFormat.of().formatHex(RandomFiles.gitId("tree", entry(one)));
        github(repo, commit, root, hosts);
        hosts.text("https://api.github.com/repos/" + repo + "/git/trees/" + root, """
                {"sha": "%s", "truncated": false, "tree": [{"path": "data", "mode": "040000", "type": "tree", "sha": "%s"}]}
                """.formatted(root, tree));
        hosts.text("https://api.github.com/repos/" + repo + "/git/trees/" + commit, """
                {"sha": "%s", "truncated": false, "tree": [
                 {"path": "data", "mode": "040000", "type": "tree", "sha": "%s"},
                 {"path": "data/%s", "mode": "100644", "type": "blob", "sha": "%s", "size": %d}]}
                """.formatted(
                        root, tree, one.name(), one.blob(), one.bytes().length));
        hosts.put(
                "https://codeload.github.com/" + repo + "/tar.gz/" + commit,
                tarGz(repo.replace("lab/", "") + "-" + commit + "/data/" + one.name(), one.bytes()));
        hosts.redirect(
                "https://github.com/" + repo + "/archive/" + commit + ".tar.gz",
                "https://codeload.github.com/" + repo + "/tar.gz/" + commit);
    }

    private static byte[] entry(RandomFile file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("100644 " + file.name() + "\0").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(RandomFiles.gitId("blob", file.bytes()));
        return out.toByteArray();
    }

    private static byte[] tarGz(String name, byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(bytes.length);
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.putArchiveEntry(entry);
            tar.write(bytes);
            tar.closeArchiveEntry();
        }
        return out.toByteArray();
    }

    private static void github(String repo, String commit, String tree, SimulatedHosts hosts) {
        String api = "https://api.github.com/repos/" + repo;
        hosts.text(api, "{\"description\": \"Tiles\", \"license\": {\"spdx_id\": \"MIT\", \"name\": \"MIT License\"}}");
        String response =
                "{\"sha\": \"" + commit + "\", \"commit\": {\"committer\": {\"date\": \"2021-03-02T00:00:00Z\"},"
                        + " \"tree\": {\"sha\": \"" + tree + "\"}}}";
        for (String ref : new String[] {"HEAD", "main", commit}) {
            hosts.text(api + "/commits/" + ref, response);
        }
    }

    public static SimulatedRecord githubRelease(RandomFiles random, SimulatedHosts hosts) {
        String repo = "lab/" + random.word();
        RandomFile slide = new RandomFile(random.word() + ".svs", random.bytes(200));
        RandomFile old = random.plain();
        github(repo, random.hex(40), random.hex(40), hosts);
        hosts.text("https://api.github.com/repos/" + repo + "/releases/tags/v1.5", """
                {"tag_name": "v1.5", "published_at": "2025-09-01T00:00:00Z", "assets": [
                 {"name": "%s", "size": %d, "state": "uploaded", "digest": "sha256:%s"},
                 {"name": "%s", "size": %d, "state": "uploaded", "digest": null}]}
                """.formatted(
                        slide.name(), slide.bytes().length, slide.hex("SHA-256"), old.name(), old.bytes().length));
        String download = "https://github.com/" + repo + "/releases/download/v1.5/";
        hosts.redirect(download + slide.name(), "https://release-assets.githubusercontent.com/x?sig=1");
        hosts.put("https://release-assets.githubusercontent.com/x", slide.bytes());
        hosts.put(download + old.name(), old.bytes());
        return SimulatedRecord.of("github", "https://github.com/" + repo + "/releases/tag/v1.5")
                .verified(slide)
                .computed(old);
    }

    public static SimulatedRecord s3(RandomFiles random, SimulatedHosts hosts) {
        String bucket = "bucket-" + random.word();
        RandomFile slide = random.slide().in("sub");
        RandomFile parts = random.plain();
        String host = "https://" + bucket + ".s3.eu-west-1.amazonaws.com/";
        String item = "<Contents><Key>%s</Key><Size>%d</Size><ETag>&quot;%s&quot;</ETag></Contents>";
        RandomFile encoded = new RandomFile(slide.name().replace("sub/", ""), slide.bytes());
        // A tag of parts of no usual size says nothing that can be compared.
        hosts.put(
                host,
                ("<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                                + "<EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>"
                                + item.formatted("set/", 0, "d41d8cd98f00b204e9800998ecf8427e")
                                + item.formatted("set/sub/" + encoded.encoded(), slide.bytes().length, slide.hex("MD5"))
                                + item.formatted("set/" + parts.name(), parts.bytes().length, random.hex(32) + "-7")
                                + "</ListBucketResult>")
                        .getBytes(StandardCharsets.UTF_8));
        hosts.put(host + "set/sub/" + encoded.encoded(), slide.bytes());
        hosts.put(host + "set/" + parts.name(), parts.bytes());
        return SimulatedRecord.of("s3", "https://" + bucket + ".s3.eu-west-1.amazonaws.com/set/")
                .verified(slide)
                .computed(parts);
    }

    public static SimulatedRecord gcs(RandomFiles random, SimulatedHosts hosts) {
        String bucket = "gs-" + random.word();
        RandomFile slide = random.slide();
        RandomFile composed = random.plain();
        hosts.text("https://storage.googleapis.com/storage/v1/b/" + bucket + "/o", """
                {"kind": "storage#objects", "items": [
                 {"name": "set/%s", "size": "%d", "md5Hash": "%s", "crc32c": "%s"},
                 {"name": "set/%s", "size": "%d", "crc32c": "%s", "componentCount": 2}]}
                """.formatted(
                        slide.name(),
                        slide.bytes().length,
                        slide.base64("MD5"),
                        slide.crc32c(),
                        composed.name(),
                        composed.bytes().length,
                        composed.crc32c()));
        hosts.put("https://storage.googleapis.com/" + bucket + "/set/" + slide.encoded(), slide.bytes());
        hosts.put("https://storage.googleapis.com/" + bucket + "/set/" + composed.name(), composed.bytes());
        return SimulatedRecord.of(
                        "gcs", "https://console.cloud.google.com/storage/browser/" + bucket + "/set;tab=objects")
                .verified(slide)
                .verified(composed);
    }

    public static SimulatedRecord gdc(RandomFiles random, SimulatedHosts hosts) {
        String project = "TCGA-" + random.word().toUpperCase(java.util.Locale.ROOT);
        RandomFile slide = new RandomFile("TCGA-AN-" + random.hex(4) + "." + random.uuid() + ".svs", random.bytes(400));
        RandomFile bare = new RandomFile("TCGA-AO-" + random.hex(4) + ".svs", random.bytes(300));
        String one = random.uuid();
        String two = random.uuid();
        String cases = "\"cases\": [{\"project\": {\"project_id\": \"" + project + "\"}}]";
        hosts.text("https://api.gdc.cancer.gov/projects/" + project, """
                {"data": {"project_id": "%s", "name": "%s"}, "warnings": {}}
                """.formatted(project, random.title()));
        hosts.text("https://api.gdc.cancer.gov/files", """
                {"data": {"hits": [{"file_id": "%s", "file_name": "%s", "file_size": %d, "md5sum": "%s", "access": "open", %s},
                 {"file_id": "%s", "file_name": "%s", "file_size": %d, "access": "open", %s}],
                 "pagination": {"total": 2}}, "warnings": {}}
                """.formatted(
                        one,
                        slide.name(),
                        slide.bytes().length,
                        slide.hex("MD5"),
                        cases,
                        two,
                        bare.name(),
                        bare.bytes().length,
                        cases));
        hosts.put("https://api.gdc.cancer.gov/data/" + one, slide.bytes());
        hosts.put("https://api.gdc.cancer.gov/data/" + two, bare.bytes());
        return SimulatedRecord.of("gdc", "https://portal.gdc.cancer.gov/projects/" + project)
                .verified(slide.in(project))
                .computed(bare.in(project));
    }

    public static SimulatedRecord idc(RandomFiles random, SimulatedHosts hosts) {
        String collection = "coll_" + random.word();
        String series = random.uuid();
        RandomFile level = new RandomFile(random.uuid() + ".dcm", random.bytes(500));
        RandomFile large = new RandomFile(random.uuid() + ".dcm", random.bytes(600));
        String api = "https://api.imaging.datacommons.cancer.gov/v3/";
        hosts.text(
                api + "cohort/manifest",
                "{\"total_series\": 1, \"series\": [{\"series_aws_url\": \"s3://idc-open-data/" + series
                        + "/*\", \"crdc_series_uuid\": \"" + series + "\", \"collection_id\": \"" + collection
                        + "\", \"PatientID\": \"P1\", \"StudyInstanceUID\": \"1.2\", \"SeriesInstanceUID\": \"1.2.3\"}]}");
        hosts.text(api + "collections/" + collection, "{\"licenses\": [\"CC BY 4.0\"]}");
        String item = "<Contents><Key>" + series + "/%s</Key><Size>%d</Size><ETag>&quot;%s&quot;</ETag></Contents>";
        String bucket = "https://idc-open-data.s3.amazonaws.com/";
        hosts.put(
                bucket,
                ("<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>false</IsTruncated>"
                                + item.formatted(level.name(), level.bytes().length, level.hex("MD5"))
                                + item.formatted(large.name(), large.bytes().length, random.hex(32) + "-9")
                                + "</ListBucketResult>")
                        .getBytes(StandardCharsets.UTF_8));
        hosts.put(bucket + series + "/" + level.name(), level.bytes());
        hosts.put(bucket + series + "/" + large.name(), large.bytes());
        String portal = "https://portal.imaging.datacommons.cancer.gov/explore/filters/?collection_id=";
        return SimulatedRecord.of("idc", portal + "Community&collection_id=" + collection)
                .verified(level.in(collection + "/P1/1.2/1.2.3"))
                .computed(large.in(collection + "/P1/1.2/1.2.3"));
    }

    public static SimulatedRecord tcia(RandomFiles random, SimulatedHosts hosts) {
        String slug = random.word() + "-path";
        RandomFile table = random.plain();
        RandomFile archive = random.slide();
        String api = "https://cancerimagingarchive.net/api/";
        hosts.text(api + "v1/collections/", """
                [{"id": 1, "slug": "%s", "collection_title": "%s", "collection_doi": "10.7937/%s", "version_number": "3",
                  "collection_summary": "<p>Slides.</p>", "collection_downloads": [41, {"ID": 42}, 43]}]
                """.formatted(slug, random.title(), random.word()));
        String tables = """
                {"id": 41, "slug": "%s-da-clin", "download_title": "Clinical data", "download_url": "",
                 "download_file": {"ID": 9}, "data_license": [{"post_title": "CC BY 4.0"}]}""".formatted(slug);
        String slides = """
                {"id": 42, "slug": "%s-da-path", "download_title": "Slides", "data_license": [{"post_title": "CC BY 4.0"}],
                 "download_url": "https://www.cancerimagingarchive.net/wp-content/uploads/%s"}""".formatted(slug, archive.encoded());
        String radiology = """
                {"id": 43, "slug": "%s-da-rad", "download_title": "MR",
                 "download_url": "https://www.cancerimagingarchive.net/wp-content/uploads/x.tcia"}""".formatted(slug);
        hosts.text(api + "v1/downloads/", "[" + tables + "," + slides + "," + radiology + "]");
        String uploads = "https://www.cancerimagingarchive.net/wp-content/uploads/";
        hosts.text(api + "wp/v2/media/9", "{\"id\": 9, \"source_url\": \"" + uploads + table.name() + "\"}");
        hosts.put(uploads + table.name(), table.bytes());
        hosts.put(uploads + archive.encoded(), archive.bytes());
        return SimulatedRecord.of("tcia", "https://www.cancerimagingarchive.net/collection/" + slug + "/")
                .computed(table)
                .computed(archive);
    }

    public static SimulatedRecord torrent(RandomFiles random, SimulatedHosts hosts) {
        String name = "set-" + random.word();
        int piece = 512;
        RandomFile whole = new RandomFile(random.word() + ".svs", random.bytes(piece));
        RandomFile part = new RandomFile(random.word() + ".csv", random.bytes(100));
        RandomFile rest = new RandomFile(random.word() + ".txt", random.bytes(200));
        byte[] shared = Arrays.copyOf(part.bytes(), 300);
        System.arraycopy(rest.bytes(), 0, shared, 100, 200);
        byte[] pieces = Arrays.copyOf(RandomFiles.digest("SHA-1", whole.bytes()), 40);
        System.arraycopy(RandomFiles.digest("SHA-1", shared), 0, pieces, 20, 20);
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        info.writeBytes(ascii("d5:filesl"));
        for (RandomFile file : new RandomFile[] {whole, part, rest}) {
            info.writeBytes(ascii("d6:lengthi" + file.bytes().length + "e4:pathl" + bencoded(file.name()) + "ee"));
        }
        info.writeBytes(ascii("e4:name" + bencoded(name) + "12:piece lengthi" + piece + "e6:pieces40:"));
        info.writeBytes(pieces);
        info.writeBytes(ascii("e"));
        String hash = java.util.HexFormat.of().formatHex(RandomFiles.digest("SHA-1", info.toByteArray()));
        ByteArrayOutputStream torrent = new ByteArrayOutputStream();
        torrent.writeBytes(ascii("d8:announce" + bencoded("https://academictorrents.com/announce.php") + "4:info"));
        torrent.writeBytes(info.toByteArray());
        torrent.writeBytes(ascii("8:url-listl" + bencoded("https://seed.example.org/share/") + "ee"));
        hosts.put("https://academictorrents.com/download/" + hash + ".torrent", torrent.toByteArray());
        for (RandomFile file : new RandomFile[] {whole, part, rest}) {
            hosts.put("https://seed.example.org/share/" + name + "/" + file.name(), file.bytes());
        }
        return SimulatedRecord.of("torrent", "magnet:?xt=urn:btih:" + hash + "&dn=" + name)
                .verified(whole.in(name))
                .computed(part.in(name))
                .computed(rest.in(name));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String bencoded(String text) {
        return text.length() + ":" + text;
    }

    /** With a host rewrite, FTP listings come over HTTP; {@code FtpTransportTest} uses FTP itself. */
    public static SimulatedRecord ftp(RandomFiles random, SimulatedHosts hosts) {
        RandomFile slide = random.slide().in("WSI");
        RandomFile table = random.plain();
        String root = "ftp://data.example.org/" + random.word() + "/";
        String first = "# listing of an FTP folder: kind, size, name\n";
        RandomFile last = new RandomFile(slide.name().replace("WSI/", ""), slide.bytes());
        hosts.text(root, first + "d 0 WSI\nf " + table.bytes().length + " " + table.name() + "\n");
        hosts.text(root + "WSI/", first + "f " + slide.bytes().length + " " + last.name() + "\n");
        hosts.put(root + "WSI/" + last.encoded(), slide.bytes());
        hosts.put(root + table.name(), table.bytes());
        return SimulatedRecord.of("ftp", root).computed(slide).computed(table);
    }

    public static SimulatedRecord http(RandomFiles random, SimulatedHosts hosts) {
        RandomFile slide = random.slide();
        RandomFile table = random.plain().in("labels");
        String root = "https://files.example.org/" + random.word() + "/";
        String page = "<html>\r\n<head><title>Index of %s</title></head>\r\n<body>\r\n<h1>Index of %s</h1><hr><pre>"
                + "<a href=\"../\">../</a>\r\n%s</pre><hr></body>\r\n</html>\r\n";
        String line = "<a href=\"%s\">x</a>                 29-Feb-2024 12:00          %s\r\n";
        String path = root.replaceFirst("https://[^/]+", "");
        hosts.page(
                root,
                page.formatted(
                        path,
                        path,
                        line.formatted("labels/", "-") + line.formatted(slide.encoded(), slide.bytes().length)));
        String name = table.name().replace("labels/", "");
        hosts.page(root + "labels/", page.formatted(path, path, line.formatted(name, "1.2K")));
        hosts.put(root + slide.encoded(), slide.bytes());
        hosts.put(root + "labels/" + name, table.bytes());
        return SimulatedRecord.of("http", root).computed(slide).computed(table);
    }

    public static SimulatedRecord googleDrive(RandomFiles random, SimulatedHosts hosts) {
        String id = "1" + random.word() + random.word() + "_-" + random.word();
        RandomFile slide = new RandomFile(random.word() + " é.svs", random.bytes(700));
        hosts.page("https://drive.google.com/uc", """
                <!DOCTYPE html><html><head><title>Google Drive - Virus scan warning</title></head><body>
                <form id="download-form" action="https://drive.usercontent.google.com/download" method="get">
                <input type="hidden" name="id" value="%s"><input type="hidden" name="export" value="download">
                <input type="hidden" name="confirm" value="t"><input type="hidden" name="uuid" value="u"></form></body></html>
                """.formatted(id));
        hosts.put(
                "https://drive.usercontent.google.com/download",
                slide.bytes(),
                "Content-Disposition",
                "attachment; filename=\"x.svs\"; filename*=UTF-8''" + slide.encoded());
        return SimulatedRecord.of("google-drive", "https://drive.google.com/file/d/" + id + "/view?usp=sharing")
                .computed(slide);
    }
}
