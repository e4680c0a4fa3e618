package org.histods.demo;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.digest.Algorithm;

/** Simulates zenodo.org: records in the form of {@code zenodo.v1}, and their files. */
final class ZenodoHost implements DemoHost {

    static final String NAME = "zenodo.org";
    private static final Pattern RECORD = Pattern.compile("/api/records/([0-9]+)(/versions/latest)?");
    private static final Pattern CONTENT = Pattern.compile("/api/records/([0-9]+)/files/(.+)/content");
    private static final Pattern FILE = Pattern.compile("/records/([0-9]+)/files/(.+)");

    /**
     * A record.
     *
     * @param concept the number of all versions
     * @param version as the authors call it; empty if they do not
     */
    record Deposit(String number, String concept, String version, String title, List<GeneratedFile> files) {}

    private final List<Deposit> records;

    /** With later versions after earlier ones. */
    ZenodoHost(List<Deposit> records) {
        this.records = List.copyOf(records);
    }

    @Override
    public DemoResponse respond(String path, Map<String, String> query) {
        Matcher record = RECORD.matcher(path);
        if (record.matches()) {
            Optional<Deposit> named = records.stream()
                    .filter(r -> r.number().equals(record.group(1)))
                    .findFirst();
            return (record.group(2) == null ? named : named.map(this::newest))
                    .map(r -> DemoResponse.text(200, "application/json", json(r)))
                    .orElseGet(ZenodoHost::unknown);
        }
        for (Pattern pattern : List.of(CONTENT, FILE)) {
            Matcher file = pattern.matcher(path);
            if (file.matches()) {
                return file(file.group(1), file.group(2));
            }
        }
        return unknown();
    }

    private Deposit newest(Deposit version) {
        return records.stream()
                .filter(r -> r.concept().equals(version.concept()))
                .reduce(version, (earlier, later) -> later);
    }

    private DemoResponse file(String number, String key) {
        for (Deposit record : records) {
            for (GeneratedFile file : record.files()) {
                if (record.number().equals(number) && file.path().equals(key)) {
                    String etag = file.checksum(Algorithm.MD5).toString();
                    return DemoResponse.file("application/octet-stream", file.bytes(), etag)
                            .with("Content-Disposition", "attachment; filename=\"" + key + "\"");
                }
            }
        }
        return unknown();
    }

    private static DemoResponse unknown() {
        String text = "{\"status\":404,\"message\":\"The persistent identifier does not exist.\"}";
        return DemoResponse.text(404, "application/json", text);
    }

    private static String json(Deposit record) {
        String api = "https://" + NAME + "/api/records/" + record.number();
        List<String> files = record.files().stream()
                .map(file -> "{\"id\":"
                        + DemoJson.quoted(file.checksum(Algorithm.MD5).hex())
                        + ",\"key\":" + DemoJson.quoted(file.path())
                        + ",\"size\":" + file.bytes().length
                        + ",\"checksum\":"
                        + DemoJson.quoted(file.checksum(Algorithm.MD5).toString())
                        + ",\"links\":{\"self\":" + DemoJson.quoted(api + "/files/" + file.path() + "/content") + "}}")
                .toList();
        String version = record.version().isEmpty() ? "" : ",\"version\":" + DemoJson.quoted(record.version());
        return "{\"id\":" + record.number()
                + ",\"conceptrecid\":" + DemoJson.quoted(record.concept())
                + ",\"title\":" + DemoJson.quoted(record.title())
                + ",\"metadata\":{\"title\":" + DemoJson.quoted(record.title()) + version
                + ",\"access_right\":\"open\",\"license\":{\"id\":\"cc-zero\"}"
                + ",\"resource_type\":{\"type\":\"dataset\",\"title\":\"Dataset\"}}"
                + ",\"links\":{\"self\":" + DemoJson.quoted(api) + "}"
                + ",\"files\":" + DemoJson.list(files) + ",\"status\":\"published\"}";
    }
}
