package org.histods.provenance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Glob;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.unpack.ArchiveKind;
import org.jspecify.annotations.Nullable;

/** Compares a manifest with the one that a bag was pulled with, and with what was fetched. */
final class ManifestComparison {

    /** Options that decide where and how files are fetched, not which. */
    private static final Set<String> OF_ACCESS =
            Set.of("region", "endpoint", "host", "via", "web-seed", "resource-key");

    private final Manifest now;
    private final @Nullable Manifest then;
    private final Bag bag;
    private final FileSelection selection;
    private final @Nullable String variant;
    private final List<FetchRecord> fetches;
    private final Set<String> fetched = new HashSet<>();

    private final Set<String> added = new TreeSet<>();
    private final Set<String> removed = new TreeSet<>();
    private final List<EditedFiles.Pin> changed = new ArrayList<>();
    private final Set<EditedFiles.Rule> rules = new LinkedHashSet<>();

    ManifestComparison(Manifest now, @Nullable Manifest then, Bag bag, FileSelection selection) throws Problem {
        this.now = now;
        this.then = then;
        this.bag = bag;
        this.selection = selection;
        this.variant = bag.variant().orElse(null);
        this.fetches = bag.fetches();
        fetches.forEach(fetch -> fetched.add(fetch.path()));
    }

    EditedFiles edited() throws Problem {
        if (then == null) {
            now.sources().forEach(source -> checksums(source, fetchedFrom(source)));
        } else {
            for (SourceSpec before : then.sources()) {
                Map<String, FetchRecord> here = fetchedFrom(before);
                if (!here.isEmpty()) {
                    source(then, before, here);
                }
            }
            newParts(then);
            unpacking(then.contents().unpack(), now.contents().unpack());
        }
        return new EditedFiles(List.copyOf(added), List.copyOf(removed), changed, List.copyOf(rules));
    }

    /** What was fetched from a source, and the local files in place of its files, by path. */
    private Map<String, FetchRecord> fetchedFrom(SourceSpec source) {
        Map<String, FetchRecord> here = new HashMap<>();
        for (FetchRecord fetch : fetches) {
            boolean hosted =
                    fetch.source().equals(source.kind()) && fetch.record().equals(source.record());
            boolean local = fetch.record().isEmpty()
                    && source.files().stream().anyMatch(file -> file.path().equals(fetch.path()));
            if (fetch.part().equals(source.part()) && (hosted || local)) {
                here.put(fetch.path(), fetch);
            }
        }
        return here;
    }

    private void source(Manifest old, SourceSpec before, Map<String, FetchRecord> here) throws Problem {
        SourceSpec after = same(now, before);
        if (after == null) {
            List<SourceSpec> others = now.sourcesOf(before.part());
            if (others.stream().anyMatch(other -> same(old, other) != null)) {
                return;
            }
            if (others.isEmpty()) {
                rules.add(new EditedFiles.Rule("source", "none", before.kind() + " " + before.record(), false));
                return;
            }
            after = others.get(0);
            if (before.files().isEmpty() || after.files().isEmpty()) {
                rules.add(new EditedFiles.Rule(
                        "source", after.kind() + " " + after.record(), before.kind() + " " + before.record(), false));
                return;
            }
        }
        checksums(after, here);
        if (!after.files().isEmpty()) {
            pinned(before, after, here);
        } else if (!before.files().isEmpty()) {
            rules.add(new EditedFiles.Rule(
                    "files of " + before.kind() + " " + before.record(),
                    "those that the host lists",
                    before.files().size() + " pinned",
                    false));
        } else {
            listed(before, after, here);
        }
    }

    private static @Nullable SourceSpec same(Manifest manifest, SourceSpec like) {
        return manifest.sources().stream()
                .filter(source -> source.kind().equals(like.kind())
                        && source.record().equals(like.record())
                        && source.part().equals(like.part()))
                .findFirst()
                .orElse(null);
    }

    private void checksums(SourceSpec source, Map<String, FetchRecord> here) {
        for (PinnedFile file : source.files()) {
            FetchRecord fetch = here.get(file.path());
            if (fetch == null || fetch.ofRanges()) {
                continue;
            }
            for (PinnedFile.Published published : file.checksums()) {
                Checksum checksum = fetch.checksums().get(published.checksum().algorithm());
                if (checksum != null && !checksum.equals(published.checksum())) {
                    changed.add(new EditedFiles.Pin(file.path(), published.checksum(), checksum));
                }
            }
        }
    }

    private void pinned(SourceSpec before, SourceSpec after, Map<String, FetchRecord> here) throws Problem {
        Map<String, PinnedFile> old = ofVariant(before);
        Map<String, PinnedFile> pins = ofVariant(after);
        for (PinnedFile file : pins.values()) {
            PinnedFile was = old.get(file.path());
            boolean required = !file.optional() && !(was != null && !was.optional());
            if (required && !file.folder() && !fetched.contains(file.path()) && selects(file.path())) {
                added.add(file.path());
            }
            FetchRecord fetch = here.get(file.path());
            if (was != null && fetch != null) {
                EditedFiles.Rule moved = placement(was, file);
                if (moved != null && concerns(fetch)) {
                    rules.add(moved);
                }
            }
        }
        boolean folders =
                here.values().stream().anyMatch(fetch -> !fetch.folder().isEmpty());
        if (before.files().isEmpty() && folders) {
            return;
        }
        for (String path : here.keySet()) {
            boolean described = before.files().isEmpty() || old.containsKey(path);
            if (described && !pins.containsKey(path) && selects(path)) {
                removed.add(path);
            }
        }
        // The archive of a folder of a repository has another path than the folder.
        for (PinnedFile file : old.values()) {
            if (file.folder() && !pins.containsKey(file.path())) {
                removed.add(file.path());
            }
        }
        for (PinnedFile file : pins.values()) {
            if (file.folder() && !old.isEmpty() && !old.containsKey(file.path())) {
                added.add(file.path());
            }
        }
    }

    /** Whether the selection may name files of an archive, or what it was to be unpacked to. */
    private boolean concerns(FetchRecord archive) throws Problem {
        if (selects(archive.path()) || namesUnknown()) {
            return true;
        }
        return bag.files().stream()
                .anyMatch(file ->
                        file.fetch().equals(archive.id()) && selects(file.path().text()));
    }

    /** Whether a word of the selection names nothing in the bag, so that it may name what the edited manifest describes. */
    private boolean namesUnknown() throws Problem {
        Set<FilePath> paths = bag.checksums().keySet();
        for (String glob : selection.globs()) {
            FileSelection one = FileSelection.ofGlobs(List.of(glob));
            if (fetched.stream().noneMatch(path -> EditedFiles.selects(one, path))
                    && paths.stream().noneMatch(path -> one.matches(path) || one.matchesFolderOf(path))) {
                return true;
            }
        }
        return false;
    }

    /** Whether the selection may name files that the bag lacks: it is no list of files that are there. */
    private boolean mayNameMore() throws Problem {
        return selection.everything()
                || namesUnknown()
                || selection.globs().stream().anyMatch(glob -> Glob.pathOf(glob).isEmpty());
    }

    /** Compares where the files of an archive are; null if they are in the same folder. */
    private static EditedFiles.@Nullable Rule placement(PinnedFile was, PinnedFile is) {
        boolean unpacked = ArchiveKind.unpacks(was.unpack(), was.path());
        boolean unpacks = ArchiveKind.unpacks(is.unpack(), is.path());
        if (unpacked != unpacks) {
            return new EditedFiles.Rule(
                    "unpack of " + is.path(), String.valueOf(unpacks), String.valueOf(unpacked), false);
        }
        return unpacks && !folder(was).equals(folder(is))
                ? new EditedFiles.Rule("into of " + is.path(), shown(folder(is)), shown(folder(was)), false)
                : null;
    }

    private static String folder(PinnedFile file) {
        String into = file.into();
        int slash = file.path().lastIndexOf('/');
        String folder = into != null ? into : slash < 0 ? "" : file.path().substring(0, slash);
        return folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
    }

    private static String shown(String folder) {
        return folder.isEmpty() ? "the dataset's top folder" : folder;
    }

    private Map<String, PinnedFile> ofVariant(SourceSpec source) {
        Map<String, PinnedFile> files = new HashMap<>();
        source.files().stream()
                .filter(file -> file.belongsTo(variant))
                .forEach(file -> files.putIfAbsent(file.path(), file));
        return files;
    }

    /** Compares what is used of the files that the host lists. */
    private void listed(SourceSpec before, SourceSpec after, Map<String, FetchRecord> here) throws Problem {
        SourceSpec.Listing was = before.listing();
        SourceSpec.Listing is = after.listing();
        String of = " of " + before.kind() + " " + before.record();
        Map<String, String> options = deciding(before);
        if (!options.equals(deciding(after))) {
            rules.add(new EditedFiles.Rule("options" + of, String.valueOf(deciding(after)), options.toString(), false));
        }
        boolean folders =
                here.values().stream().anyMatch(fetch -> !fetch.folder().isEmpty());
        boolean includesMore = !was.include().isEmpty()
                && (is.include().isEmpty() || !was.include().containsAll(is.include()));
        if ((includesMore && mayNameMore()) || (folders && !was.include().equals(is.include()))) {
            rules.add(new EditedFiles.Rule("include" + of, shown(is.include()), shown(was.include()), !folders));
        }
        boolean excludesLess = !is.exclude().containsAll(was.exclude());
        if ((excludesLess && mayNameMore()) || (folders && !was.exclude().equals(is.exclude()))) {
            rules.add(new EditedFiles.Rule("exclude" + of, shown(is.exclude()), shown(was.exclude()), !folders));
        }
        List<Glob> include = globs(is.include());
        List<Glob> exclude = globs(is.exclude());
        for (FetchRecord fetch : here.values()) {
            String path = fetch.path();
            boolean used = (include.isEmpty() || matches(include, path)) && !matches(exclude, path);
            if (!used && fetch.folder().isEmpty() && selects(path)) {
                removed.add(path);
            }
        }
    }

    private static Map<String, String> deciding(SourceSpec source) {
        Map<String, String> options = new TreeMap<>(source.options());
        options.keySet().removeAll(OF_ACCESS);
        return options;
    }

    private static String shown(List<String> globs) {
        return globs.isEmpty() ? "none" : String.join(", ", globs);
    }

    /** Finds parts that the dataset had not when it was pulled. */
    private void newParts(Manifest old) {
        Set<String> before = new HashSet<>();
        old.sources().forEach(source -> before.add(source.part()));
        for (String part : now.parts()) {
            if (before.contains(part)) {
                continue;
            }
            SourceSpec first = now.sourcesOf(part).get(0);
            if (first.files().isEmpty()) {
                rules.add(new EditedFiles.Rule("part " + part, first.kind() + " " + first.record(), "none", true));
            }
            for (PinnedFile file : ofVariant(first).values()) {
                if (!file.optional() && selects(file.path())) {
                    added.add(file.path());
                }
            }
        }
    }

    /** Compares what is left out of archives, and how names in them are read. */
    private void unpacking(Manifest.@Nullable Unpacking was, Manifest.@Nullable Unpacking is) throws Problem {
        if (Objects.equals(was, is) || fetches.stream().noneMatch(FetchRecord::unpacked)) {
            return;
        }
        List<String> skipped = was == null ? List.of() : was.skip();
        List<String> skips = is == null ? List.of() : is.skip();
        List<Glob> more =
                globs(skips.stream().filter(glob -> !skipped.contains(glob)).toList());
        List<Glob> all = globs(skips);
        List<Glob> less =
                globs(skipped.stream().filter(glob -> !skips.contains(glob)).toList());
        for (FetchRecord fetch : fetches) {
            for (String entry : less.isEmpty() ? List.<String>of() : fetch.skipped()) {
                if (matches(less, entry) && !matches(all, entry)) {
                    added.add(fetch.path() + ": " + entry);
                }
            }
        }
        String charset = was == null ? null : was.charset();
        String other = is == null ? null : is.charset();
        boolean renamed = false;
        for (BagFile file : bag.files()) {
            String entry = file.entry();
            if (entry != null && matches(more, entry) && selects(file.path().text())) {
                removed.add(file.path().text());
            }
            renamed |= entry != null && !Objects.equals(charset, other) && !ascii(file.path());
        }
        if (renamed) {
            rules.add(new EditedFiles.Rule(
                    "charset", other == null ? "none" : other, charset == null ? "none" : charset, false));
        }
    }

    private static boolean ascii(FilePath path) {
        return path.text().chars().allMatch(c -> c < 128);
    }

    private boolean selects(String path) {
        return EditedFiles.selects(selection, path);
    }

    private static List<Glob> globs(List<String> texts) {
        return texts.stream().map(Glob::of).toList();
    }

    private static boolean matches(List<Glob> globs, String path) {
        return globs.stream().anyMatch(glob -> glob.matches(path));
    }
}
