package org.histods.pull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.histods.dataset.DatasetId;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FileFinder;
import org.histods.digest.FilePath;
import org.histods.digest.Glob;
import org.histods.manifest.Manifest;
import org.histods.manifest.PatientRule;
import org.histods.manifest.PinnedFile;
import org.histods.provenance.BagFile;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.FileSelection;
import org.histods.source.RemoteFile;
import org.histods.text.Size;
import org.jspecify.annotations.Nullable;

/**
 * Table of the files of a dataset, with the facts about each file from the host, the manifest and its path. Files in
 * zips have rows if the directories of the zips were read.
 *
 * @param rows in the order of their paths
 * @param opaque archives whose files are not known before they are downloaded
 */
public record FileTable(DatasetId dataset, List<Row> rows, Set<String> columns, List<FilePath> opaque) {

    /** Columns with paths. */
    static final Set<String> PATHS = Set.of("path", "folder");

    /** Columns whose values name a file, a slide or a patient, so that a list of them names files. */
    private static final List<String> IDS = List.of("id", "slide", "series", "study", "case", "patient", "name");

    private static final List<String> ORDER =
            List.of(("size project collection patient case slide sample site disease strategy stain organ "
                            + "species modality description split role part variant format study series id archive "
                            + "folder name path")
                    .split(" "));

    /**
     * A file.
     *
     * @param bytes its size; null if unknown
     * @param values by column; without those that are unknown
     * @param md5 its published MD5; null if there is none
     */
    public record Row(
            FilePath path,
            @Nullable Long bytes,
            Map<String, String> values,
            @Nullable String md5) {}

    public FileTable {
        rows = List.copyOf(rows);
        opaque = List.copyOf(opaque);
    }

    /** Builds the table of a dataset. */
    static final class Builder {

        private final Manifest manifest;
        private final Map<FilePath, Row> rows = new TreeMap<>(Comparator.comparing(FilePath::text));
        private final List<FilePath> opaque = new ArrayList<>();
        private final Map<String, List<Glob>> splits = new LinkedHashMap<>();

        Builder(Manifest manifest) {
            this.manifest = manifest;
            manifest.contents()
                    .splits()
                    .forEach((name, globs) ->
                            splits.put(name, globs.stream().map(Glob::of).toList()));
        }

        /** Adds a file that the source lists. */
        void add(PullPlan.Item item, @Nullable PinnedFile pinned) {
            RemoteFile file = item.file();
            Map<String, String> values = new LinkedHashMap<>(file.attributes());
            if (pinned != null && pinned.at() != null && !pinned.at().contains("/")) {
                values.putIfAbsent("id", pinned.at());
            }
            put(values, "part", item.part());
            put(values, "role", item.role());
            put(values, "variant", pinned == null ? null : pinned.variant());
            String md5 = file.stated(Algorithm.MD5).map(s -> s.checksum().hex()).orElse(null);
            if (item.unpack()) {
                opaque.add(file.path());
            }
            add(file.path(), item.size(), values, md5);
        }

        /** Adds the files of an archive in place of the archive. */
        void add(RemoteArchive archive, PullPlan.Item item) {
            if (archive.unknown() != null) {
                return;
            }
            opaque.remove(archive.path());
            rows.remove(archive.path());
            archive.members().stream().filter(member -> !member.link()).forEach(member -> {
                Map<String, String> values = new LinkedHashMap<>(item.file().attributes());
                values.put("archive", archive.path().text());
                put(values, "part", item.part());
                put(values, "role", item.role());
                add(member.path(), Size.of(member.bytes()), values, null);
            });
        }

        /** Adds a file of a bag, with what its host stated when it was pulled. */
        void add(BagFile file, FetchRecord fetch) {
            Map<String, String> values = new LinkedHashMap<>(fetch.attributes());
            put(values, "part", fetch.part());
            put(values, "archive", fetch.unpacked() ? fetch.path() : null);
            String md5 = fetch.unpacked()
                    ? null
                    : Optional.ofNullable(fetch.checksums().get(Algorithm.MD5))
                            .map(Checksum::hex)
                            .orElse(null);
            add(file.path(), Size.of(file.bytes()), values, md5);
        }

        private void add(FilePath path, Size size, Map<String, String> values, @Nullable String md5) {
            Long bytes = size.exactly().orElse(null);
            PatientRule rule = manifest.contents().patients();
            if (rule != null) {
                rule.patientOf(path.text())
                        .ifPresent(id -> values.putIfAbsent(rule.level() == null ? "patient" : rule.level(), id));
            }
            String name = path.name();
            if ("slide".equals(manifest.images().unit()) && !name.endsWith(".dcm")) {
                values.putIfAbsent("slide", FileFinder.stem(name));
            }
            one(values, "stain", manifest.images().stains());
            one(values, "organ", manifest.images().organs());
            one(values, "species", manifest.images().species());
            splits.forEach((split, globs) -> {
                if (globs.stream().anyMatch(glob -> glob.matches(path))) {
                    values.putIfAbsent("split", split);
                }
            });
            put(values, "size", bytes == null ? null : String.valueOf(bytes));
            values.put("name", name);
            put(values, "folder", path.parent());
            values.put("path", path.text());
            rows.put(path, new Row(path, bytes, values, md5));
        }

        /** A term that holds for the whole dataset. */
        private static void one(Map<String, String> values, String column, List<String> terms) {
            if (terms.size() == 1 && !terms.get(0).equals("multiple")) {
                values.putIfAbsent(column, terms.get(0));
            }
        }

        private static void put(Map<String, String> values, String column, @Nullable String value) {
            if (value != null && !value.isEmpty()) {
                values.putIfAbsent(column, value);
            }
        }

        FileTable build() {
            Set<String> found = new LinkedHashSet<>();
            rows.values().forEach(row -> found.addAll(row.values().keySet()));
            Set<String> columns = new LinkedHashSet<>(ORDER);
            columns.retainAll(found);
            columns.addAll(found);
            return new FileTable(manifest.id(), List.copyOf(rows.values()), columns, opaque);
        }
    }

    /** The rows that a selection names. */
    FileTable only(FileSelection selection) {
        List<Row> kept = rows.stream()
                .filter(row -> selection.matches(row.path())
                        || selection.matchesFolderOf(row.path())
                        || archive(row, selection))
                .toList();
        return new FileTable(dataset, kept, columns, opaque);
    }

    private static boolean archive(Row row, FileSelection selection) {
        String archive = row.values().get("archive");
        return archive != null && selection.matches(new FilePath(archive));
    }

    /** Finds the files that words of lists mean. */
    static final class Finder {

        private final Map<String, Map<String, List<Row>>> byId = new LinkedHashMap<>();
        private final Map<String, Row> byPath = new LinkedHashMap<>();
        private final FileFinder finder;

        Finder(FileTable table) {
            for (String column : IDS) {
                Map<String, List<Row>> rows = new LinkedHashMap<>();
                for (Row row : table.rows()) {
                    String value = row.values().get(column);
                    if (value != null) {
                        rows.computeIfAbsent(value.toLowerCase(Locale.ROOT), v -> new ArrayList<>())
                                .add(row);
                    }
                }
                byId.put(column, rows);
            }
            table.rows().forEach(row -> byPath.put(row.path().text(), row));
            finder = new FileFinder(byPath.keySet());
        }

        /** The files with that path, id, slide, patient or name; none if there are none. */
        List<Row> find(String word) {
            Row exact = byPath.get(word);
            if (exact != null) {
                return List.of(exact);
            }
            for (Map<String, List<Row>> rows : byId.values()) {
                List<Row> found = rows.get(word.toLowerCase(Locale.ROOT));
                if (found != null) {
                    return found;
                }
            }
            return finder.find(word).paths().stream()
                    .map(byPath::get)
                    .filter(Objects::nonNull)
                    .toList();
        }

        /** The file with that id; else the one of that name, unless it is known to have other content. */
        List<Row> find(String id, @Nullable String name, @Nullable String md5) {
            List<Row> found = byId.getOrDefault("id", Map.of()).get(id.toLowerCase(Locale.ROOT));
            if (found != null) {
                return found;
            }
            return byId
                    .getOrDefault("name", Map.of())
                    .getOrDefault(name == null ? "" : name.toLowerCase(Locale.ROOT), List.of())
                    .stream()
                    .filter(row -> row.md5() == null || md5 == null || row.md5().equalsIgnoreCase(md5))
                    .toList();
        }
    }
}
