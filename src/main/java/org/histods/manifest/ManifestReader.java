package org.histods.manifest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.histods.dataset.DatasetId;
import org.histods.problem.Problem;
import org.histods.text.Count;
import org.histods.yaml.YamlError;
import org.histods.yaml.YamlText;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Reads and writes manifests. Safe to share between threads.
 *
 * <p>Reading is fast and refuses everything that would make a manifest unsafe or ambiguous to use: text that is not YAML, a
 * field that is unknown, missing, repeated or of a wrong type, an unknown word, a malformed checksum or pattern, an
 * unsafe path. {@link #errors} is slower and also refuses what the schema refuses, such as a number without quotes instead of
 * text; reading keeps the text of such a number. If reading refuses a manifest, it reports everything that {@code errors} finds.
 *
 * <p>A text that is in the program is not parsed: {@link CompiledManifests} knows what it says.
 */
public final class ManifestReader {

    /** Matches a text that may have an unquoted {@code *}, which YAML reads as a reference. */
    private static final Pattern REFERENCE = Pattern.compile("[\\[,:{-]\\s*\\*\\S");

    private @Nullable ManifestFormat format;
    private @Nullable CompiledManifests compiled;
    private @Nullable ManifestLint lint;
    private @Nullable Vocabulary vocabulary;

    /**
     * Reads a manifest.
     *
     * @param text YAML
     * @param file its name for messages
     * @param expectedId the id that it must have, null for any
     * @throws Problem {@code USAGE} if it has mistakes; the message lists every one with file, line and field
     */
    public ManifestFile read(String text, String file, @Nullable DatasetId expectedId) throws Problem {
        Manifest known = expectedId == null
                ? null
                : compiled()
                        .manifest(expectedId, text.getBytes(StandardCharsets.UTF_8))
                        .orElse(null);
        return known == null ? parse(text, file, expectedId) : new ManifestFile(known, text, file);
    }

    private ManifestFile parse(String text, String file, @Nullable DatasetId expectedId) throws Problem {
        try {
            if (YamlText.oversize(text, file).isPresent()) {
                throw problem(file, errors(text, file, expectedId));
            }
            Manifest manifest = format().bind(text);
            boolean sound = new ManifestRules(manifest, expectedId).broken().isEmpty()
                    && new VocabularyRules(manifest, vocabulary()).known();
            if (sound && !(REFERENCE.matcher(text).find() && lint().hasTraps(text))) {
                return new ManifestFile(manifest, text, file);
            }
        } catch (JacksonException e) {
            // The lint below finds this mistake again, and all others.
        }
        List<YamlError> errors = errors(text, file, expectedId);
        if (errors.isEmpty()) {
            throw new IllegalStateException(file + " is rejected, but the lint finds no error");
        }
        throw problem(file, errors);
    }

    /**
     * Reads a manifest that must pass the lint.
     *
     * @throws Problem {@code USAGE} if it finds anything; the message lists all
     */
    public ManifestFile readFaultless(String text, String file) throws Problem {
        ManifestLint.Result result = lint().check(text, file, null, manifest -> List.of(), null);
        if (result.manifest() == null || !result.errors().isEmpty()) {
            throw problem(file, result.errors());
        }
        return new ManifestFile(result.manifest(), text, file);
    }

    private static Problem problem(String file, List<YamlError> errors) {
        String list = errors.stream().map(f -> "  " + f).collect(Collectors.joining("\n"));
        return new Problem(
                Problem.Kind.USAGE,
                file + " has " + Count.orA(errors.size(), "mistake") + ":\n" + list,
                "docs/manifests.md explains every field; editors with JSON Schema support check as you type");
    }

    /** Everything that is wrong in that text, sorted by line; empty if nothing is. */
    public List<YamlError> errors(String text, String file, @Nullable DatasetId expectedId) {
        return lint().check(text, file, expectedId, manifest -> List.of(), null).errors();
    }

    /**
     * The same, and what makes a valid manifest unusable: unknown kinds of source, licences that do not exist, dead URLs.
     *
     * @param kinds of source that are known
     */
    public List<YamlError> errors(String text, String file, @Nullable DatasetId expectedId, SourceKinds kinds) {
        SpdxLicenses licenses = new SpdxLicenses();
        return lint().check(
                        text,
                        file,
                        expectedId,
                        manifest -> new UsabilityRules(manifest, kinds, licenses).broken(),
                        new UrlRules(List.of(text), kinds))
                .errors();
    }

    /** The manifests that are a part of the program. */
    public synchronized CompiledManifests compiled() {
        if (compiled == null) {
            compiled = CompiledManifests.ofProgram();
        }
        return compiled;
    }

    private synchronized ManifestFormat format() {
        if (format == null) {
            format = new ManifestFormat();
        }
        return format;
    }

    public synchronized ManifestLint lint() {
        if (lint == null) {
            lint = new ManifestLint(format());
        }
        return lint;
    }

    /** The words of the controlled fields. */
    public synchronized Vocabulary vocabulary() {
        if (vocabulary == null) {
            vocabulary = new Vocabulary();
        }
        return vocabulary;
    }

    /** The text of the manifest's YAML file. */
    public String write(Manifest manifest) {
        return format().yaml(manifest);
    }

    /** The manifest as maps, lists, text and numbers with the field names of the YAML; for JSON output. */
    public Map<String, Object> map(Manifest manifest) {
        return format().map(manifest);
    }
}
