package org.histods.manifest;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.histods.dataset.DatasetId;
import org.histods.digest.Algorithm;
import org.histods.digest.FilePath;
import org.histods.text.Size;
import org.histods.yaml.PointerError;
import org.jspecify.annotations.Nullable;

/** Rules for a manifest that its schema cannot state. */
final class ManifestRules {

    private static final String SLOW =
            "the pattern takes too long on some paths: it can divide them in too many ways, as .*.*.*.* and (a+)+ do";

    private final Manifest manifest;
    private final @Nullable DatasetId expectedId;
    private final List<PointerError> broken = new ArrayList<>();

    ManifestRules(Manifest manifest, @Nullable DatasetId expectedId) {
        this.manifest = manifest;
        this.expectedId = expectedId;
    }

    List<PointerError> broken() {
        if (expectedId != null && !expectedId.equals(manifest.id())) {
            say("/id", "'" + manifest.id() + "' should be '" + expectedId + "', the name of the file");
        }
        aliases();
        variants();
        sources();
        access();
        patients();
        fileNames();
        lineage();
        return List.copyOf(broken);
    }

    private void say(String pointer, String message) {
        broken.add(new PointerError(pointer, message));
    }

    private void aliases() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < manifest.names().aliases().size(); i++) {
            String alias = manifest.names().aliases().get(i);
            if (!seen.add(alias.toLowerCase(Locale.ROOT))) {
                say("/aliases/" + i, "'" + alias + "' is listed twice");
            }
        }
        seen.add(manifest.id().text());
        for (int i = 0; i < manifest.names().ambiguous().size(); i++) {
            String name = manifest.names().ambiguous().get(i);
            if (!seen.contains(name.toLowerCase(Locale.ROOT))) {
                say("/ambiguous/" + i, "'" + name + "' is neither the id nor an alias");
            }
        }
    }

    private void variants() {
        long preferred = manifest.contents().variants().stream()
                .filter(Manifest.Variant::preferred)
                .count();
        if (!manifest.contents().variants().isEmpty() && preferred != 1) {
            say("/variants", "exactly one variant must be preferred, not " + preferred);
        }
    }

    private void sources() {
        Set<String> variants = new HashSet<>();
        manifest.contents().variants().forEach(v -> variants.add(v.name()));
        for (int i = 0; i < manifest.sources().size(); i++) {
            SourceSpec source = manifest.sources().get(i);
            size(source, "/sources/" + i + "/size");
            Map<String, Integer> paths = new HashMap<>();
            for (int j = 0; j < source.files().size(); j++) {
                file(source.files().get(j), "/sources/" + i + "/files/" + j, paths, variants);
            }
        }
    }

    /** The stated size of a source must agree with the sizes of its files. */
    private void size(SourceSpec source, String at) {
        Size pinned = source.pinned(
                manifest.preferredVariant().map(Manifest.Variant::name).orElse(null));
        if (source.size() != null && !source.size().size().agrees(pinned)) {
            say(
                    at,
                    "'" + source.size().size().text() + "' is not possible: the pinned files are " + pinned.text()
                            + (pinned.atMost() == null ? "" : ", so leave it out"));
        }
    }

    private void file(PinnedFile file, String at, Map<String, Integer> paths, Set<String> variants) {
        String fault = FilePath.fault(file.plainPath());
        if (fault != null) {
            say(at + "/path", "'" + file.path() + "' cannot be a path in a dataset: " + fault);
        }
        if (paths.merge(file.path(), 1, Integer::sum) == 2) {
            say(
                    at + "/path",
                    "'" + file.path() + "' is listed twice in this source"
                            + (file.variant() == null ? "" : "; files of two variants need two paths"));
        }
        if (file.variant() != null && !variants.contains(file.variant())) {
            say(at + "/variant", "the manifest has no variant '" + file.variant() + "'");
        }
        if (file.into() != null && !file.into().isEmpty() && FilePath.fault(file.into()) != null) {
            say(at + "/into", "'" + file.into() + "' cannot be a folder in a dataset: " + FilePath.fault(file.into()));
        }
        if (file.bytes() != null && file.size() != null) {
            say(at + "/size", "'" + file.path() + "' has its exact size in 'bytes': leave 'size' out");
        }
        contradictions(file, at);
        for (int k = 0; k < file.checksums().size(); k++) {
            boolean ofFolder = file.checksums().get(k).checksum().algorithm().ofFolder();
            if (ofFolder != file.folder()) {
                say(
                        at + "/sums/" + k,
                        ofFolder
                                ? "a git tree id is for folders: end the path with '/'"
                                : "a folder needs a git tree id instead of a checksum");
            }
        }
    }

    /** Refuses two different checksums of one algorithm: no file could match both. */
    private void contradictions(PinnedFile file, String at) {
        Map<Algorithm, PinnedFile.Published> first = new EnumMap<>(Algorithm.class);
        for (int k = 0; k < file.checksums().size(); k++) {
            PinnedFile.Published published = file.checksums().get(k);
            PinnedFile.Published before = first.putIfAbsent(published.checksum().algorithm(), published);
            if (before != null && !before.checksum().equals(published.checksum())) {
                say(
                        at + "/sums/" + k + "/sum",
                        published.by() + " and " + before.by() + " state different checksums for '" + file.path()
                                + "': leave out the doubtful one and describe it under doubts");
            }
        }
    }

    private void access() {
        boolean restricted = switch (manifest.terms().access().status()) {
            case REGISTRATION, AGREEMENT, CREDENTIAL -> true;
            default -> false;
        };
        if (restricted && manifest.terms().access().steps().isEmpty()) {
            say("/access", "a dataset without open access needs the steps to get it");
        }
    }

    private void patients() {
        PatientRule rule = manifest.contents().patients();
        if (rule == null) {
            return;
        }
        if (rule.pattern() != null && !rule.pattern().hasId()) {
            say("/patients/pattern", "the pattern needs a group (?<id>…) around the patient");
            return;
        }
        if (rule.pattern() != null && rule.examples().isEmpty()) {
            say("/patients", "a pattern needs at least one example");
        }
        List<String> paths =
                rule.examples().stream().map(PatientRule.Example::path).toList();
        if (rule.pattern() != null && rule.pattern().isSlow(paths)) {
            say("/patients/pattern", SLOW);
            return;
        }
        for (int i = 0; i < rule.examples().size(); i++) {
            PatientRule.Example example = rule.examples().get(i);
            String read = rule.patientOf(example.path()).orElse(null);
            if (!Objects.equals(read, example.id())) {
                say(
                        "/patients/examples/" + i,
                        "the pattern reads " + (read == null ? "nothing" : "'" + read + "'") + " from '"
                                + example.path() + "', not '" + example.id() + "'");
            }
        }
    }

    private void fileNames() {
        for (int i = 0; i < manifest.names().fileNames().size(); i++) {
            FileNamePattern name = manifest.names().fileNames().get(i);
            if (name.examples().isEmpty()) {
                say("/file-names/" + i, "a pattern needs at least one example");
            }
            if (name.pattern().isSlow(name.examples())) {
                say("/file-names/" + i, SLOW);
                continue;
            }
            for (int k = 0; k < name.examples().size(); k++) {
                if (!name.fits(name.examples().get(k))) {
                    say(
                            "/file-names/" + i + "/examples/" + k,
                            "the pattern is not found in '" + name.examples().get(k) + "'");
                }
            }
        }
    }

    private void lineage() {
        for (int i = 0; i < manifest.contents().lineage().size(); i++) {
            Lineage entry = manifest.contents().lineage().get(i);
            if ((entry.dataset() == null) == (entry.outside() == null)) {
                say("/lineage/" + i, "name the other dataset with either 'dataset' or 'outside'");
            }
            if (manifest.id().equals(entry.dataset())) {
                say("/lineage/" + i + "/dataset", "a dataset cannot be related to itself");
            }
        }
    }
}
