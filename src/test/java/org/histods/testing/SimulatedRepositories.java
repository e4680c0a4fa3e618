package org.histods.testing;

import org.histods.testing.RandomFiles.RandomFile;

/** Repositories of research data, in the formats of their interfaces. */
public final class SimulatedRepositories {

    private SimulatedRepositories() {}

    public static SimulatedRecord zenodo(RandomFiles random, SimulatedHosts hosts) {
        String id = "9" + random.number(900_000);
        RandomFile slide = random.slide();
        RandomFile bare = random.plain();
        String api = "https://zenodo.org/api/records/" + id;
        hosts.text(api, """
                {"id": %s, "conceptrecid": "1", "doi": "10.5281/zenodo.%s", "metadata": {"title": "%s",
                 "publication_date": "2022-03-04", "access_right": "open", "license": {"id": "cc-by-4.0"},
                 "creators": [{"name": "Muster, Anna"}], "version": "v2", "description": "<p>Slides &amp; labels.</p>"},
                 "files": [{"key": "%s", "size": %d, "checksum": "md5:%s", "links": {"self": "%s/files/%s/content"}},
                  {"key": "%s", "size": %d, "checksum": "", "links": {}}]}
                """.formatted(
                        id,
                        id,
                        random.title(),
                        slide.name(),
                        slide.bytes().length,
                        slide.hex("MD5"),
                        api,
                        slide.encoded(),
                        bare.name(),
                        bare.bytes().length));
        hosts.put(api + "/files/" + slide.encoded() + "/content", slide.bytes());
        hosts.redirect(api + "/versions/latest", api);
        hosts.put(api + "/files/" + bare.encoded() + "/content", bare.bytes());
        return SimulatedRecord.of("zenodo", "https://zenodo.org/records/" + id)
                .verified(slide)
                .computed(bare);
    }

    public static SimulatedRecord invenio(RandomFiles random, SimulatedHosts hosts) {
        String id = "ab3de-fg" + random.hex(3);
        RandomFile slide = random.slide();
        String api = "https://data.example.org/api/records/" + id;
        hosts.text(api, """
                {"id": "%s", "parent": {"id": "zz9zz-zz9zz"}, "access": {"files": "public"},
                 "pids": {"doi": {"identifier": "10.9999/%s"}}, "metadata": {"title": "%s",
                 "publication_date": "2024", "rights": [{"id": "cc0-1.0", "title": {"en": "CC0"}}],
                 "creators": [{"person_or_org": {"name": "Muster, Anna"}}]}, "files": {"enabled": true}}
                """.formatted(id, id, random.title()));
        hosts.text(api + "/files", """
                {"enabled": true, "entries": [{"key": "%s", "size": %d, "checksum": "md5:%s", "status": "completed",
                 "links": {"content": "%s/files/%s/content"}}]}
                """.formatted(
                        slide.name(), slide.bytes().length, slide.hex("MD5"), api, slide.encoded()));
        hosts.put(api + "/files/" + slide.encoded() + "/content", slide.bytes());
        hosts.redirect(api + "/versions/latest", api);
        return SimulatedRecord.of("zenodo", "https://data.example.org/records/" + id + "?preview=1")
                .verified(slide);
    }

    public static SimulatedRecord figshare(RandomFiles random, SimulatedHosts hosts) {
        String id = "2" + random.number(9_000_000);
        RandomFile slide = random.slide();
        RandomFile bare = random.plain();
        int first = 40_000_000 + random.number(1_000_000);
        String article = """
                {"id": %s, "title": "%s", "doi": "10.6084/m9.figshare.%s.v2", "version": 2, "size": %d,
                 "published_date": "2023-01-28T14:25:00Z", "license": {"value": 1, "name": "CC BY 4.0"},
                 "url_public_html": "https://figshare.com/articles/dataset/T/%s/2", "authors": [{"full_name": "Anna Muster"}],
                 "files": [{"id": %d, "name": "%s", "size": %d, "is_link_only": false, "computed_md5": "%s"},
                  {"id": %d, "name": "%s", "size": %d, "is_link_only": false, "computed_md5": "", "supplied_md5": ""}]}
                """.formatted(
                        id,
                        random.title(),
                        id,
                        slide.bytes().length + bare.bytes().length,
                        id,
                        first,
                        slide.name(),
                        slide.bytes().length,
                        slide.hex("MD5"),
                        first + 1,
                        bare.name(),
                        bare.bytes().length);
        hosts.text("https://api.figshare.com/v2/articles/" + id, article);
        hosts.text("https://api.figshare.com/v2/articles/" + id + "/versions/2", article);
        hosts.put("https://api.figshare.com/v2/file/download/" + first, slide.bytes());
        hosts.put("https://api.figshare.com/v2/file/download/" + (first + 1), bare.bytes());
        return SimulatedRecord.of("figshare", "https://springernature.figshare.com/articles/dataset/Some_title/" + id)
                .verified(slide)
                .computed(bare);
    }

    public static SimulatedRecord mendeley(RandomFiles random, SimulatedHosts hosts) {
        String id = random.word() + "x1";
        RandomFile slide = random.slide();
        RandomFile bare = random.plain().in("labels");
        String one = random.uuid();
        String two = random.uuid();
        String api = "https://data.mendeley.com/public-api/datasets/" + id;
        hosts.text(api, """
                {"id": "%s", "version": 3, "name": "%s", "publish_date": "2021-10-12T10:00:00Z",
                 "doi": {"id": "10.17632/%s.3"}, "data_licence": {"short_name": "CC BY NC 3.0"},
                 "contributors": [{"first_name": "Anna", "last_name": "Muster"}]}
                """.formatted(id, random.title(), id));
        hosts.text(api + "/folders/3", "[{\"id\": \"f1\", \"parent_id\": null, \"name\": \"labels\"}]");
        hosts.text(api + "/files?folder_id=root&version=3", """
                [{"id": "%s", "filename": "%s", "size": %d, "content_details": {"size": %d, "sha256_hash": "%s"}}]
                """.formatted(
                        one, slide.name(), slide.bytes().length, slide.bytes().length, slide.hex("SHA-256")));
        hosts.text(api + "/files?folder_id=f1&version=3", """
                [{"id": "%s", "filename": "%s", "size": %d, "content_details": {"size": %d, "sha256_hash": null}}]
                """.formatted(
                        two, bare.name().replace("labels/", ""), bare.bytes().length, bare.bytes().length));
        String files = "https://data.mendeley.com/public-files/datasets/" + id + "/files/";
        hosts.redirect(files + one + "/file_downloaded", "https://store.example.org/" + one + "?X-Amz-Signature=1");
        hosts.put("https://store.example.org/" + one, slide.bytes());
        hosts.put(files + two + "/file_downloaded", bare.bytes());
        return SimulatedRecord.of("mendeley", "https://data.mendeley.com/datasets/" + id)
                .verified(slide)
                .computed(bare);
    }

    public static SimulatedRecord osf(RandomFiles random, SimulatedHosts hosts) {
        String id = "q" + random.hex(4);
        RandomFile slide = random.slide().in("slides");
        RandomFile bare = random.plain();
        String node = "https://api.osf.io/v2/nodes/" + id + "/";
        String file = "{\"type\": \"files\", \"attributes\": {\"kind\": \"file\", \"name\": \"%s\", \"path\": \"/%s\","
                + " \"size\": %d, \"extra\": {\"hashes\": %s}}, \"links\": {\"download\": \"https://osf.io/download/%s/\"}}";
        hosts.text(node, """
                {"data": {"id": "%s", "attributes": {"title": "%s", "date_created": "2020-05-06T00:00:00", "description": ""},
                 "embeds": {"license": {"data": {"attributes": {"name": "CC-By Attribution 4.0 International"}}},
                  "contributors": {"data": [{"attributes": {"bibliographic": true}, "embeds": {"users": {"data":
                   {"attributes": {"full_name": "Anna Muster", "family_name": "Muster", "given_name": "Anna"}}}}}]}}}}
                """.formatted(id, random.title()));
        hosts.text(node + "files/osfstorage/", """
                {"data": [{"type": "files", "attributes": {"kind": "folder", "name": "slides", "path": "/d1/"},
                  "relationships": {"files": {"links": {"related": {"href": "%sfiles/osfstorage/d1/"}}}}}, %s],
                 "links": {"next": null}}
                """.formatted(
                        node, file.formatted(bare.name(), "f2", bare.bytes().length, "{}", "ff222")));
        String hashes = "{\"md5\": \"" + slide.hex("MD5") + "\", \"sha256\": \"" + slide.hex("SHA-256") + "\"}";
        hosts.text(
                node + "files/osfstorage/d1/",
                "{\"data\": ["
                        + file.formatted(
                                slide.name().replace("slides/", ""), "f1", slide.bytes().length, hashes, "ff111")
                        + "], \"links\": {\"next\": null}}");
        hosts.put("https://osf.io/download/ff111/", slide.bytes());
        hosts.put("https://osf.io/download/ff222/", bare.bytes());
        return SimulatedRecord.of("osf", "https://osf.io/" + id + "/files/osfstorage")
                .verified(slide)
                .computed(bare);
    }

    public static SimulatedRecord dataverse(RandomFiles random, SimulatedHosts hosts) {
        String id = "doi:10.9999/" + random.word();
        RandomFile slide = random.slide().in("a/b");
        RandomFile table = random.plain();
        int first = 3_000_000 + random.number(900_000);
        String response = """
                {"status": "OK", "data": {"versionNumber": 4, "versionMinorNumber": 1, "publicationDate": "2019-02-08",
                 "license": {"name": "CC0 1.0"}, "metadataBlocks": {"citation": {"fields": [
                  {"typeName": "title", "value": "%s"},
                  {"typeName": "author", "value": [{"authorName": {"value": "Muster, Anna"}}]}]}},
                 "files": [{"directoryLabel": "a/b", "label": "%s", "dataFile": {"id": %d, "filename": "%s",
                   "filesize": %d, "checksum": {"type": "SHA-1", "value": "%s"}}},
                  {"label": "t.tab", "dataFile": {"id": %d, "filename": "t.tab", "filesize": 1, "tabularData": true,
                   "originalFileName": "%s", "originalFileFormat": "text/csv", "originalFileSize": %d}}]}}
                """.formatted(
                        random.title(),
                        slide.name().replace("a/b/", ""),
                        first,
                        slide.name().replace("a/b/", ""),
                        slide.bytes().length,
                        slide.hex("SHA-1"),
                        first + 1,
                        table.name(),
                        table.bytes().length);
        for (String version : new String[] {":latest-published", "4.1"}) {
            hosts.text("https://archive.example.edu/api/datasets/:persistentId/versions/" + version, response);
        }
        hosts.put("https://archive.example.edu/api/access/datafile/" + first, slide.bytes());
        hosts.put("https://archive.example.edu/api/access/datafile/" + (first + 1) + "?format=original", table.bytes());
        return SimulatedRecord.of("dataverse", "https://archive.example.edu/dataset.xhtml?persistentId=" + id)
                .verified(slide)
                .computed(table);
    }

    public static SimulatedRecord huggingface(RandomFiles random, SimulatedHosts hosts) {
        String repo = "datasets/lab-x/" + random.word();
        String commit = random.hex(40);
        RandomFile slide = random.slide().in("data");
        RandomFile card = new RandomFile("README.md", random.bytes(40));
        hosts.text("https://huggingface.co/api/" + repo + "/revision/main", """
                {"sha": "%s", "author": "lab-x", "gated": false, "createdAt": "2024-05-01T00:00:00Z",
                 "cardData": {"license": "cc-by-nc-4.0", "pretty_name": "%s"}, "tags": []}
                """.formatted(commit, random.title()));
        hosts.text("https://huggingface.co/api/" + repo + "/tree/" + commit, """
                [{"type": "directory", "oid": "%s", "path": "data"},
                 {"type": "file", "oid": "%s", "size": %d, "path": "%s", "lfs": {"oid": "%s", "size": %d}},
                 {"type": "file", "oid": "%s", "size": %d, "path": "README.md"}]
                """.formatted(
                        random.hex(40),
                        random.hex(40),
                        slide.bytes().length,
                        slide.name(),
                        slide.hex("SHA-256"),
                        slide.bytes().length,
                        card.blob(),
                        card.bytes().length));
        String resolve = "https://huggingface.co/" + repo + "/resolve/" + commit + "/";
        String encoded = "data/" + new RandomFile(slide.name().replace("data/", ""), new byte[0]).encoded();
        hosts.redirect(resolve + encoded, "https://cdn.hf.co/x/" + commit + "?Signature=1");
        hosts.put("https://cdn.hf.co/x/" + commit, slide.bytes());
        hosts.put(resolve + "README.md", card.bytes());
        return SimulatedRecord.of("huggingface", "https://huggingface.co/" + repo + "/tree/main")
                .verified(slide)
                .verified(card);
    }

    public static SimulatedRecord kaggle(RandomFiles random, SimulatedHosts hosts) {
        String name = "somebody/" + random.word();
        RandomFile slide = random.slide();
        String api = "https://www.kaggle.com/api/v1/datasets/";
        hosts.text(api + "view/" + name, """
                {"ref": "%s", "title": "%s", "subtitle": "Some slides", "ownerName": "Anna Muster",
                 "licenseName": "CC0: Public Domain", "currentVersionNumber": 7}
                """.formatted(name, random.title()));
        hosts.text(api + "list/" + name, """
                {"datasetFiles": [{"name": "%s", "totalBytes": %d}], "nextPageToken": ""}
                """.formatted(slide.name(), slide.bytes().length));
        String store = "https://storage.googleapis.com/kaggle-data/" + random.word();
        hosts.redirect(api + "download/" + name + "/" + slide.encoded(), store + "?X-Goog-Signature=1");
        hosts.put(store, slide.bytes());
        return SimulatedRecord.of("kaggle", "https://www.kaggle.com/datasets/" + name)
                .computed(slide);
    }

    public static SimulatedRecord ckan(RandomFiles random, SimulatedHosts hosts) {
        String name = "nis-" + random.word();
        RandomFile slide = random.slide();
        RandomFile bare = random.plain();
        String store = "https://portal.example.org/dataset/1/resource/";
        hosts.text("https://portal.example.org/api/3/action/package_show", """
                {"success": true, "result": {"name": "%s", "title": "%s", "license_id": "cc-by-4.0",
                 "metadata_created": "2023-03-01T09:00:00", "author": "Muster, Anna", "resources": [
                 {"id": "r-1", "name": "x", "url": "%sr-1/download/%s", "url_type": "upload", "size": %d, "hash": "%s"},
                 {"id": "r-2", "name": "y", "url": "%sr-2/download/%s", "url_type": "upload", "size": null, "hash": ""}]}}
                """.formatted(
                        name,
                        random.title(),
                        store,
                        slide.encoded(),
                        slide.bytes().length,
                        slide.hex("SHA-256"),
                        store,
                        bare.name()));
        hosts.put(store + "r-1/download/" + slide.encoded(), slide.bytes());
        hosts.put(store + "r-2/download/" + bare.name(), bare.bytes());
        return SimulatedRecord.of("ckan", "https://portal.example.org/en/dataset/" + name)
                .verified(slide)
                .computed(bare);
    }

    public static SimulatedRecord archiveOrg(RandomFiles random, SimulatedHosts hosts) {
        String item = "item-" + random.word();
        RandomFile slide = random.slide();
        RandomFile bare = random.plain().in("docs");
        hosts.text("https://archive.org/metadata/" + item, """
                {"files": [{"name": "%s", "source": "original", "format": "Unknown", "size": "%d", "md5": "%s", "sha1": "%s"},
                 {"name": "%s", "source": "original", "format": "Text", "size": "%d"},
                 {"name": "%s_meta.xml", "source": "original", "format": "Metadata", "size": "9"}],
                 "metadata": {"title": "%s", "creator": "Muster, Anna", "date": "2019-12-16",
                 "licenseurl": "https://creativecommons.org/licenses/by-sa/4.0/"}}
                """.formatted(
                        slide.name(),
                        slide.bytes().length,
                        slide.hex("MD5"),
                        slide.hex("SHA-1"),
                        bare.name(),
                        bare.bytes().length,
                        item,
                        random.title()));
        String download = "https://archive.org/download/" + item + "/";
        hosts.redirect(download + slide.encoded(), "https://ia800000.us.archive.org/1/" + slide.encoded());
        hosts.put("https://ia800000.us.archive.org/1/" + slide.encoded(), slide.bytes());
        hosts.put(download + bare.name(), bare.bytes());
        return SimulatedRecord.of("archive-org", "https://archive.org/details/" + item)
                .verified(slide)
                .computed(bare);
    }

    public static SimulatedRecord grandChallenge(RandomFiles random, SimulatedHosts hosts) {
        String slug = random.word();
        String pk = random.uuid();
        RandomFile slide = new RandomFile("case " + random.number(99) + ".tif", random.bytes(300));
        String api = "https://grand-challenge.org/api/v1/";
        String file = "https://grand-challenge.org/media/images/" + random.word() + "/out.tif";
        hosts.text(api + "archives/", """
                {"count": 1, "next": null, "results": [{"pk": "%s", "slug": "%s", "title": "%s", "description": "Slides."}]}
                """.formatted(pk, slug, random.title()));
        hosts.text(api + "cases/images/", """
                {"count": 1, "next": null, "results": [{"pk": "i1", "name": "%s", "files": [
                 {"pk": "f1", "file": "%s?sig=1", "image_type": "TIFF"}]}]}
                """.formatted(slide.name(), file));
        hosts.text(api + "archives/items/", "{\"count\": 0, \"next\": null, \"results\": []}");
        hosts.redirect(file, "https://bucket.example.org/" + slug + "?X-Amz-Signature=1");
        hosts.put("https://bucket.example.org/" + slug, slide.bytes());
        return SimulatedRecord.of("grand-challenge", "https://grand-challenge.org/archives/" + slug + "/")
                .computed(slide);
    }
}
