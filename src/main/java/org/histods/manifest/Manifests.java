package org.histods.manifest;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Reads and writes manifests. */
public final class Manifests {

    private final ManifestFormat format = new ManifestFormat();
    private @Nullable ManifestLint lint;

    /**
     * Reads a manifest.
     *
     * @param text YAML
     * @param file its name for messages
     * @param expectedId the id that it must have, null for any
     * @throws Problem {@code USAGE} if anything is wrong in it; the message lists every fault with file, line and field
     */
    public ManifestFile read(String text, String file, @Nullable String expectedId) throws Problem {
        try {
            Manifest manifest = format.bind(text);
            if (new ManifestRules(manifest, expectedId).broken().isEmpty() && whole(manifest)) {
                return new ManifestFile(manifest, text, file);
            }
        } catch (JacksonException e) {
            // The lint below finds this fault again, and all others with it.
        }
        List<Fault> faults = faults(text, file, expectedId);
        if (faults.isEmpty()) {
            throw new IllegalStateException(file + " can be read only by the lint");
        }
        throw problem(file, faults);
    }

    /** What the records need and the schema requires. */
    private static boolean whole(Manifest m) {
        return m.id() != null && m.title() != null && m.version() != null;
    }

    private static Problem problem(String file, List<Fault> faults) {
        String list = faults.stream().map(f -> "  " + f).collect(Collectors.joining("\n"));
        String count = faults.size() == 1 ? "a mistake" : faults.size() + " mistakes";
        return new Problem(
                Problem.Kind.USAGE,
                file + " has " + count + ":\n" + list,
                "docs/manifests.md explains every field; an editor that knows JSON Schema checks as you type");
    }

    /** Everything that is wrong in that text, in the order of the lines; empty if nothing is. */
    public synchronized List<Fault> faults(String text, String file, @Nullable String expectedId) {
        if (lint == null) {
            lint = new ManifestLint(format);
        }
        return lint.faults(text, file, expectedId);
    }

    /** The manifest as a YAML file's text; {@link #read} reads it back. */
    public String write(Manifest manifest) {
        return format.yaml(manifest);
    }

    /** The manifest as maps, lists, text and numbers with the field names of the YAML; for JSON output. */
    public Map<String, Object> map(Manifest manifest) {
        return format.map(manifest);
    }
}
