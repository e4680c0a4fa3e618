package org.histods.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.digest.Algorithm;
import org.histods.digest.GitObjects;

/** Simulates the hosts of GitHub, for one repository and its one commit. */
final class GithubHosts {

    static final String SITE = "github.com";
    static final String ARCHIVES = "codeload.github.com";
    static final String API = "api.github.com";
    static final String RAW = "raw.githubusercontent.com";

    private final GitRepo repo;
    private final byte[] archive;

    GithubHosts(GitRepo repo) {
        this.repo = repo;
        archive = repo.archive();
    }

    Map<String, DemoHost> byName() {
        return Map.of(SITE, this::site, ARCHIVES, this::archives, API, this::api, RAW, this::raw);
    }

    private DemoResponse site(String path, Map<String, String> query) {
        String here = "/" + repo.slug() + "/";
        if (path.equals(here + "archive/" + repo.commit() + ".tar.gz")) {
            return DemoResponse.redirect("https://" + ARCHIVES + here + "tar.gz/" + repo.commit());
        }
        String raw = here + "raw/" + repo.commit() + "/";
        if (path.startsWith(raw)) {
            return DemoResponse.redirect("https://" + RAW + here + repo.commit() + "/" + path.substring(raw.length()));
        }
        return DemoResponse.notFound();
    }

    /** GitHub makes an archive while it sends it: there is no length, there are no ranges, and the bytes may change later. */
    private DemoResponse archives(String path, Map<String, String> query) {
        if (!path.equals("/" + repo.slug() + "/tar.gz/" + repo.commit())) {
            return DemoResponse.notFound();
        }
        return DemoResponse.stream("application/x-gzip", archive)
                .with("Content-Disposition", "attachment; filename=" + repo.name() + "-" + repo.commit() + ".tar.gz");
    }

    private DemoResponse raw(String path, Map<String, String> query) {
        String root = "/" + repo.slug() + "/" + repo.commit() + "/";
        for (GeneratedFile file : repo.files()) {
            if (path.equals(root + file.path())) {
                return DemoResponse.file(
                        "application/octet-stream",
                        file.bytes(),
                        file.checksum(Algorithm.SHA256).hex());
            }
        }
        return DemoResponse.notFound();
    }

    private DemoResponse api(String path, Map<String, String> query) {
        String trees = "/repos/" + repo.slug() + "/git/trees/";
        if (path.startsWith(trees) && query.containsKey("recursive")) {
            String id = path.substring(trees.length());
            for (String folder : ArchiveBuilder.folders(repo.files())) {
                String tree = repo.tree(folder).hex();
                if (tree.equals(id) || (folder.isEmpty() && repo.commit().equals(id))) {
                    return DemoResponse.text(200, "application/json; charset=utf-8", listing(folder, tree));
                }
            }
        }
        return DemoResponse.text(
                404, "application/json; charset=utf-8", "{\"message\":\"Not Found\",\"status\":\"404\"}");
    }

    private String listing(String folder, String tree) {
        List<String> entries = new ArrayList<>();
        List<GeneratedFile> files = repo.below(folder);
        for (String below : ArchiveBuilder.folders(files)) {
            if (!below.isEmpty()) {
                String path = below.substring(0, below.length() - 1);
                entries.add(
                        entry(path, "040000", "tree", repo.tree(folder + below).hex(), ""));
            }
        }
        for (GeneratedFile file : files) {
            String size = ",\"size\":" + file.bytes().length;
            String id = GitObjects.blob(file.bytes()).hex();
            entries.add(entry(file.path(), file.executable() ? "100755" : "100644", "blob", id, size));
        }
        return "{\"sha\":" + DemoJson.quoted(tree) + ",\"tree\":" + DemoJson.list(entries) + ",\"truncated\":false}";
    }

    private static String entry(String path, String mode, String type, String id, String size) {
        return "{\"path\":" + DemoJson.quoted(path) + ",\"mode\":\"" + mode + "\",\"type\":\"" + type + "\",\"sha\":\""
                + id + "\"" + size + "}";
    }
}
