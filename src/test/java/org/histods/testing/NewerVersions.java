package org.histods.testing;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** Newer versions of the played records, in which each file has another size; those of the first versions stay. */
public final class NewerVersions {

    private NewerVersions() {}

    /** Publishes a newer version of each record whose kind of host has versions, as that host states it. */
    public static void publish(SimulatedHosts hosts, Map<String, SimulatedRecord> setups) {
        UnaryOperator<String> larger = text -> text.replaceAll("(\"(?:size|filesize|totalBytes)\": )([1-9])", "$19$2");
        for (String kind : List.of("zenodo", "zenodo elsewhere")) {
            String id = last(Objects.requireNonNull(setups.get(kind))).replaceFirst("\\?.*", "");
            hosts.again(
                    "(/api/records/" + id + ")(?=/files$|$)",
                    "$11",
                    text -> larger.apply(text)
                            .replace("\"id\": " + id, "\"id\": " + id + "1")
                            .replace("\"id\": \"" + id, "\"id\": \"" + id + "1"));
            String api = kind.equals("zenodo") ? "https://zenodo.org" : "https://data.example.org";
            hosts.redirect(api + "/api/records/" + id + "/versions/latest", api + "/api/records/" + id + "1");
        }
        String article = last(Objects.requireNonNull(setups.get("figshare")));
        UnaryOperator<String> third = text ->
                larger.apply(text).replace("\"version\": 2", "\"version\": 3").replace(".v2", ".v3");
        hosts.again("/articles/" + article + "/versions/2$", "/articles/" + article + "/versions/3", third);
        hosts.again("/articles/" + article + "$", "/articles/" + article, third);
        hosts.again("(/public-api/datasets/\\w+/folders)/3$", "$1/4", text -> text);
        hosts.again("(/public-api/datasets/\\w+/files.folder_id=\\w+&version)=3$", "$1=4", larger);
        hosts.again("(/public-api/datasets/\\w+)$", "$1", text -> text.replace("\"version\": 3", "\"version\": 4"));
        UnaryOperator<String> fifth = text -> larger.apply(text).replace("Number\": 4", "Number\": 5");
        hosts.again("/:persistentId/versions/4.1$", "/:persistentId/versions/5.1", fifth);
        hosts.again("/:persistentId/versions/:latest-published$", "/:persistentId/versions/:latest-published", fifth);
        hosts.again("(/api/v1/datasets/list/.*)", "$1?pageSize=200&datasetVersionNumber=8", larger);
        hosts.again("(/api/v1/datasets/view/.*)", "$1", text -> text.replace(": 7}", ": 8}"));
        String commit = "f".repeat(40);
        UnaryOperator<String> ahead = text -> text.replaceFirst("\"sha\": \"\\w+\"", "\"sha\": \"" + commit + "\"");
        hosts.again("(/huggingface.co/api/.*/tree/)\\w+$", "$1" + commit, larger);
        hosts.again("(/huggingface.co/api/.*/revision/main)$", "$1", ahead);
        String repo = Objects.requireNonNull(setups.get("github folder"))
                .address()
                .replaceFirst(".*github.com/(lab/\\w+)/.*", "$1");
        hosts.again(
                "(/" + repo + "/git/trees/)\\w+$",
                "$1" + commit,
                text -> text.replaceAll("(\"type\": \"blob\", \"sha\": \")\\w{5}", "$100000"));
        hosts.again("(/" + repo + "/commits/HEAD)$", "$1", ahead);
        hosts.again(
                "/releases/tags/v1.5$",
                "/releases/latest",
                text -> larger.apply(text).replace("v1.5", "v1.6"));
        hosts.again("/releases/latest$", "/releases/tags/v1.6", text -> text);
    }

    private static String last(SimulatedRecord setup) {
        return setup.address().replaceFirst(".*/", "");
    }
}
