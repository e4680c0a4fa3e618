package org.histods.pull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Recognises which of a dataset's files the user's local files are: by checksum, else by name. */
final class LocalFileMatcher {

    private record Expected(PinnedFile file, String part) {}

    private final Manifest manifest;
    private final Map<String, Expected> expected = new LinkedHashMap<>();

    LocalFileMatcher(Manifest manifest) {
        this.manifest = manifest;
        for (SourceSpec source : manifest.sources()) {
            if (source.use() == SourceSpec.Use.NEVER) {
                continue;
            }
            for (PinnedFile file : source.files()) {
                if (!file.folder()) {
                    expected.merge(file.path(), new Expected(file, source.part()), (a, b) -> better(a, b));
                }
            }
        }
    }

    /** The one with more checksums. */
    private static Expected better(Expected a, Expected b) {
        return b.file().sums().size() > a.file().sums().size() ? b : a;
    }

    /**
     * Recognises the files.
     *
     * @return by path in the dataset
     * @throws Problem {@code USAGE} if one cannot be read or is no file of the manifest, or two are the same file of it
     */
    Map<String, LocalFileSource.Recognised> recognise(List<Path> files) throws Problem {
        Map<String, LocalFileSource.Recognised> found = new LinkedHashMap<>();
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        Files.isDirectory(file)
                                ? file + " is a folder; give the files in it (" + file + "/*)"
                                : "there is no file " + file);
            }
            LocalFileSource.Recognised one = recognise(file);
            LocalFileSource.Recognised before = found.put(one.remote().path().text(), one);
            if (before != null) {
                throw new Problem(Problem.Kind.USAGE, file + " is given twice, or has the name of another file");
            }
        }
        return found;
    }

    private LocalFileSource.Recognised recognise(Path file) throws Problem {
        for (Expected e : expected.values()) {
            if (LocalFileSource.hasChecksums(file, e.file())) {
                return LocalFileSource.as(file, e.file(), e.part(), "by its checksum");
            }
        }
        String name = String.valueOf(file.getFileName());
        for (Expected e : expected.values()) {
            if (name(e.file().path()).equals(name)) {
                return LocalFileSource.as(file, e.file(), e.part(), "by its name");
            }
        }
        String part = openPart();
        if (part != null) {
            return LocalFileSource.as(file, null, part, "by being given");
        }
        List<String> names = new ArrayList<>(expected.keySet());
        throw new Problem(
                Problem.Kind.USAGE,
                file + " is not a file of " + manifest.id() + ", by checksum or by name",
                "expected: " + String.join(", ", names.subList(0, Math.min(12, names.size())))
                        + (names.size() > 12 ? " and " + (names.size() - 12) + " more" : ""));
    }

    /** The part whose manual files no manifest lists, so that any file may belong to it; null if there is none. */
    private @Nullable String openPart() {
        for (SourceSpec source : manifest.sources()) {
            boolean manual = source.kind().equals("manual") || source.kind().equals("credential");
            if (manual && source.use() != SourceSpec.Use.NEVER && source.files().isEmpty()) {
                return source.part();
            }
        }
        return null;
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
