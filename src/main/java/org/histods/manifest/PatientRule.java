package org.histods.manifest;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the patient is read from a file's path.
 *
 * @param pattern a Java regular expression searched in the path; the group {@code id} is the patient. Null where paths
 *     do not tell
 * @param level what the id names: {@code patient}, {@code case} or {@code slide} where nothing better can be read
 * @param examples paths and what must be read from them; tested when the manifest is linted
 * @param note in words, and what is not known
 */
public record PatientRule(
        @Nullable Pattern pattern,
        @Nullable String level,
        List<Example> examples,
        @Nullable String note) {

    /** A path and the id in it; a null id means that the rule must not match. */
    public record Example(String path, @Nullable String id) {
        public Example {
            requireNonNull(path, "path");
        }
    }

    public PatientRule {
        examples = List.copyOf(Manifest.orEmpty(examples));
    }

    /** Two rules are equal if they read alike; a {@link Pattern} by itself is equal only to itself. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PatientRule rule
                && Objects.equals(regex(), rule.regex())
                && Objects.equals(level, rule.level)
                && examples.equals(rule.examples)
                && Objects.equals(note, rule.note);
    }

    @Override
    public int hashCode() {
        return Objects.hash(regex(), level, examples, note);
    }

    private @Nullable String regex() {
        return pattern == null ? null : pattern.pattern();
    }

    /** The patient of the file at that path, empty where the rule does not match or there is none. */
    public Optional<String> patientOf(String path) {
        if (pattern == null) {
            return Optional.empty();
        }
        Matcher matcher = pattern.matcher(path);
        return matcher.find() ? Optional.ofNullable(matcher.group("id")) : Optional.empty();
    }
}
