package org.histods.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.histods.testing.RandomFiles.RandomFile;

/** Newer versions of the simulated records, in which each file has another size; those of the first versions stay. */
public final class NewerVersions {

    private NewerVersions() {}

    /** Publishes a newer version of each record whose kind of host has versions, as that host states it. */
    public static void publish(SimulatedHosts hosts, Map<String, SimulatedRecord> setups) {
        publish(hosts, setups, text -> text.replaceAll("(\"(?:size|filesize|totalBytes)\": )([1-9])", "$19$2"));
    }

    /**
     * Publishes newer versions that can be downloaded: one file of each record has other bytes, the others are the same.
     *
     * @return the records with the new bytes
     */
    public static Map<String, SimulatedRecord> publishOneFile(
            SimulatedHosts hosts, Map<String, SimulatedRecord> setups, RandomFiles random) throws IOException {
        List<UnaryOperator<String>> edits = new ArrayList<>();
        IdentityHashMap<byte[], byte[]> bytes = new IdentityHashMap<>();
        Map<String, SimulatedRecord> after = oneFile(setups, random, edits, bytes);
        publish(hosts, setups, text -> all(edits, text));
        bytes.forEach(hosts::replace);
        String commit = "f".repeat(40);
        hosts.again("(/huggingface.co/.*/resolve/)\\w{40}/", "$1" + commit + "/", text -> text);
        hosts.again("/releases/download/v1.5/", "/releases/download/v1.6/", text -> text);
        for (String kind : List.of("zenodo", "zenodo elsewhere")) {
            String id = last(Objects.requireNonNull(setups.get(kind))).replaceFirst("\\?.*", "");
            hosts.again("(/api/records/" + id + ")(?=/files/.)", "$11", text -> text);
        }
        SimulatedRecord folder = Objects.requireNonNull(after.get("github folder"));
        Map.Entry<String, byte[]> file = folder.files().entrySet().iterator().next();
        SimulatedStores.commit(
                repo(folder), commit, "e".repeat(40), new RandomFile(last(file.getKey()), file.getValue()), hosts);
        return after;
    }

    /**
     * Replaces one file of each record by other bytes, without a newer version.
     *
     * @return the records with the new bytes
     */
    public static Map<String, SimulatedRecord> replaceOneFile(
            SimulatedHosts hosts, Map<String, SimulatedRecord> setups, RandomFiles random) {
        List<UnaryOperator<String>> edits = new ArrayList<>();
        IdentityHashMap<byte[], byte[]> bytes = new IdentityHashMap<>();
        Map<String, SimulatedRecord> after = oneFile(setups, random, edits, bytes);
        bytes.forEach(hosts::replace);
        hosts.again("^(.*)$", "$1", text -> all(edits, text));
        return after;
    }

    private static String all(List<UnaryOperator<String>> edits, String text) {
        String edited = text;
        for (UnaryOperator<String> edit : edits) {
            edited = edit.apply(edited);
        }
        return edited;
    }

    private static Map<String, SimulatedRecord> oneFile(
            Map<String, SimulatedRecord> setups,
            RandomFiles random,
            List<UnaryOperator<String>> edits,
            IdentityHashMap<byte[], byte[]> bytes) {
        Map<String, SimulatedRecord> after = new TreeMap<>();
        setups.forEach((kind, setup) -> {
            String path = setup.files().keySet().stream()
                    .filter(name -> setup.stated().size() == setup.files().size()
                            ? !name.contains("slide")
                            : !setup.stated().contains(name))
                    .findFirst()
                    .orElse(setup.files().keySet().iterator().next());
            byte[] before = Objects.requireNonNull(setup.files().get(path));
            RandomFile now = new RandomFile(path, random.bytes(before.length + 1));
            RandomFile then = new RandomFile(path, before);
            Map<String, byte[]> files = new TreeMap<>(setup.files());
            files.put(path, now.bytes());
            after.put(kind, new SimulatedRecord(setup.kind(), setup.address(), files, setup.stated()));
            bytes.put(before, now.bytes());
            edits.add(text -> text.replaceAll(
                            "((?:\"(?:size|filesize|file_size|originalFileSize|totalBytes)\": \"?|<Size>))"
                                    + before.length + "\\b",
                            "$1" + now.bytes().length)
                    .replace(then.blob(), now.blob())
                    .replace(then.hex("MD5"), now.hex("MD5"))
                    .replace(then.hex("SHA-256"), now.hex("SHA-256")));
        });
        return after;
    }

    private static String repo(SimulatedRecord github) {
        return github.address().replaceFirst(".*github.com/(lab/\\w+)/.*", "$1");
    }

    private static void publish(
            SimulatedHosts hosts, Map<String, SimulatedRecord> setups, UnaryOperator<String> larger) {
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
        String repo = repo(Objects.requireNonNull(setups.get("github folder")));
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
        return last(setup.address());
    }

    private static String last(String path) {
        return path.replaceFirst(".*/", "");
    }
}
