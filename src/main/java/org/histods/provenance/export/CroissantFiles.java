package org.histods.provenance.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.histods.digest.Glob;
import org.histods.digest.GlobCover;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.ReceiptJson;
import org.histods.provenance.RoCrateWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The files of a Croissant description: a FileObject for each fetched file, and for each split the archive entries
 * that belong to it, as FileSets with a RecordSet over them. Loose files of a split are listed in a RecordSet.
 */
public final class CroissantFiles {

    /** The media type of each file name ending: those that Croissant's loaders know, and those of images. */
    private static final Map<String, String> FORMATS = Map.ofEntries(
            Map.entry("zip", "application/zip"),
            Map.entry("tar", "application/x-tar"),
            Map.entry("tgz", "application/gzip"),
            Map.entry("gz", "application/gzip"),
            Map.entry("7z", "application/x-7z-compressed"),
            Map.entry("csv", "text/csv"),
            Map.entry("tsv", "text/tsv"),
            Map.entry("txt", "text/plain"),
            Map.entry("md", "text/markdown"),
            Map.entry("json", "application/json"),
            Map.entry("geojson", "application/geo+json"),
            Map.entry("xml", "application/xml"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("parquet", "application/x-parquet"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("bmp", "image/bmp"),
            Map.entry("tif", "image/tiff"),
            Map.entry("tiff", "image/tiff"),
            Map.entry("svs", "image/tiff"),
            Map.entry("ndpi", "image/tiff"));

    private final Bag bag;
    private final Manifest manifest;
    private final List<BagFile> files;
    /** The fetches by the fetched file's path; the newest if a file was fetched again. */
    private final Map<String, FetchRecord> fetches = new LinkedHashMap<>();

    private final Map<String, String> paths;
    private final List<Object> sets = new ArrayList<>();
    private final List<Object> records = new ArrayList<>();

    CroissantFiles(Bag bag, Manifest manifest) throws Problem {
        this.bag = bag;
        this.manifest = manifest;
        this.files = bag.files();
        this.paths = bag.fetchedPaths();
        Set<String> used = new LinkedHashSet<>();
        files.forEach(file -> used.add(file.fetch()));
        for (FetchRecord fetch : bag.fetches()) {
            if (used.contains(fetch.id())) {
                fetches.put(fetch.path(), fetch);
            }
        }
        Map<String, List<BagFile>> splits = splits();
        if (splits.isEmpty()) {
            set(null, files);
        } else {
            records.add(names(splits.keySet()));
            splits.forEach(this::set);
            loose(splits);
        }
    }

    List<Object> distribution() {
        List<Object> distribution = new ArrayList<>();
        fetches.values().forEach(fetch -> distribution.add(object(fetch)));
        distribution.addAll(sets);
        return distribution;
    }

    List<Object> recordSets() {
        return records;
    }

    private Map<String, Object> object(FetchRecord fetch) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("@type", "cr:FileObject");
        object.put("@id", RoCrateWriter.uriPath(fetch.path()));
        object.put("name", fetch.path());
        // A local file has no URL; it is beside this description, or not available.
        String url = fetch.url();
        object.put("contentUrl", url == null ? RoCrateWriter.uriPath(fetch.path()) : url);
        object.put("contentSize", fetch.bytes() + " B");
        object.put("encodingFormat", format(fetch.path()));
        if (!fetch.ofRanges()) {
            object.put("sha256", fetch.sha256());
        }
        JsonNode md5 = fetch.json().path("sums").path("md5");
        if (md5.isString()) {
            object.put("md5", md5.asString(""));
        }
        object.put("description", fetch.checkText());
        return object;
    }

    /** The media type of a file by the ending of its name. */
    public static String format(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return FORMATS.getOrDefault(ending, "application/octet-stream");
    }

    /** The splits with files in this bag. */
    private Map<String, List<BagFile>> splits() {
        Map<String, List<BagFile>> splits = new LinkedHashMap<>();
        manifest.contents().splits().forEach((name, globs) -> {
            List<Glob> wanted = globs.stream().map(Glob::of).toList();
            List<BagFile> inside = files.stream()
                    .filter(file -> wanted.stream()
                            .anyMatch(glob ->
                                    glob.matches(file.path()) || glob.matches(paths.getOrDefault(file.fetch(), ""))))
                    .toList();
            if (!inside.isEmpty()) {
                splits.put(name, inside);
            }
        });
        return splits;
    }

    private static Map<String, Object> ref(String id) {
        return ReceiptJson.map("@id", id);
    }

    private static Map<String, Object> field(String id, String type) {
        return ReceiptJson.map(
                "@type", "cr:Field", "@id", id, "name", id.substring(id.lastIndexOf('/') + 1), "dataType", type);
    }

    private static Map<String, Object> names(Set<String> splits) {
        List<Object> data = new ArrayList<>();
        for (String split : splits) {
            Map<String, Object> row = ReceiptJson.map("splits/name", split);
            row.put("splits/url", meaning(split));
            data.add(row);
        }
        Map<String, Object> set = ReceiptJson.map(
                "@type",
                "cr:RecordSet",
                "@id",
                "splits",
                "name",
                "splits",
                "dataType",
                "cr:Split",
                "key",
                ref("splits/name"));
        set.put("field", List.of(field("splits/name", "sc:Text"), field("splits/url", "cr:Split")));
        set.put("data", data);
        return set;
    }

    private static String meaning(String split) {
        return switch (split.toLowerCase(Locale.ROOT)) {
            case "train", "training" -> "cr:TrainingSplit";
            case "val", "valid", "validation" -> "cr:ValidationSplit";
            case "test", "testing" -> "cr:TestSplit";
            default -> "cr:Split";
        };
    }

    /** One RecordSet over all archive entries among those files; none if all are loose. */
    private void set(@Nullable String split, List<BagFile> inside) {
        String name = split == null ? "files" : "split-" + RoCrateWriter.uriPath(split.replace('/', '-'));
        String id = name + "-set";
        List<Object> ids = new ArrayList<>();
        for (FetchRecord fetch : fetches.values()) {
            List<String> entries = entries(inside, fetch);
            if (fetch.unpacked() && !entries.isEmpty()) {
                String one = id + "-in-" + RoCrateWriter.uriPath(fetch.path());
                ids.add(ref(one));
                sets.add(fileSet(one, fetch, entries));
            }
        }
        if (ids.isEmpty()) {
            return;
        }
        Object source = ids.get(0);
        if (ids.size() > 1) {
            Map<String, Object> union = ReceiptJson.map("@type", "cr:FileSet", "@id", id, "name", name);
            union.put("containedIn", ids);
            union.put("includes", List.of("**"));
            union.put(
                    "encodingFormat",
                    formats(inside.stream().map(f -> f.path().text()).toList()));
            sets.add(union);
            source = ref(id);
        }
        boolean images = inside.stream().allMatch(f -> format(f.path().text()).startsWith("image/"));
        records.add(recordSet(name, split, source, images ? "sc:ImageObject" : "sc:Text"));
    }

    private List<String> entries(List<BagFile> some, FetchRecord fetch) {
        return some.stream()
                .filter(file -> fetch.path().equals(paths.get(file.fetch())) && file.entry() != null)
                .map(file -> String.valueOf(file.entry()))
                .toList();
    }

    private Map<String, Object> fileSet(String id, FetchRecord fetch, List<String> entries) {
        boolean whole = fetch.folder().isEmpty() && bag.selection().isEmpty();
        List<String> includes = GlobCover.of(new TreeSet<>(entries), new TreeSet<>(entries(files, fetch)), whole);
        Map<String, Object> set = ReceiptJson.map("@type", "cr:FileSet", "@id", id, "name", id);
        set.put("containedIn", ref(RoCrateWriter.uriPath(fetch.path())));
        set.put("encodingFormat", formats(entries));
        set.put("includes", includes);
        if (!fetch.json().path("unpacked").path("skipped").isEmpty()
                && manifest.contents().unpack() != null) {
            set.put("excludes", manifest.contents().unpack().skip());
        }
        return set;
    }

    private static List<String> formats(List<String> names) {
        return names.stream().map(CroissantFiles::format).distinct().sorted().toList();
    }

    private static Map<String, Object> recordSet(String id, @Nullable String split, Object source, String content) {
        List<Object> fields = new ArrayList<>();
        for (String property : List.of("fullpath", "content")) {
            boolean path = property.equals("fullpath");
            Map<String, Object> field = path ? field(id + "/path", "sc:Text") : field(id + "/content", content);
            field.put(
                    "source", ReceiptJson.map("fileSet", source, "extract", ReceiptJson.map("fileProperty", property)));
            fields.add(field);
        }
        if (split != null) {
            Map<String, Object> field = field(id + "/split", "sc:Text");
            field.put("value", split);
            field.put("references", ref("splits/name"));
            fields.add(field);
        }
        Map<String, Object> set =
                ReceiptJson.map("@type", "cr:RecordSet", "@id", id, "name", split == null ? id : split);
        set.put("key", ref(id + "/path"));
        set.put("field", fields);
        return set;
    }

    /** Files that are in the dataset as they were fetched; no archive contains them, so they are listed. */
    private void loose(Map<String, List<BagFile>> splits) {
        List<Object> data = new ArrayList<>();
        splits.forEach((name, inside) -> {
            for (BagFile file : inside) {
                if (file.entry() == null) {
                    data.add(ReceiptJson.map("loose/path", file.path().text(), "loose/split", name));
                }
            }
        });
        if (!data.isEmpty()) {
            Map<String, Object> split = field("loose/split", "sc:Text");
            split.put("references", ref("splits/name"));
            Map<String, Object> set =
                    ReceiptJson.map("@type", "cr:RecordSet", "@id", "loose", "name", "files that are not in archives");
            set.put("key", List.of(ref("loose/path"), ref("loose/split")));
            set.put("field", List.of(field("loose/path", "sc:Text"), split));
            set.put("data", data);
            records.add(set);
        }
    }
}
