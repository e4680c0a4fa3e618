package org.histods.manifest;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rule for reading the patient from a file's path.
 *
 * @param pattern a Java regular expression searched in the path; the group {@code id} is the patient. Null if paths
 *     have no patient
 * @param level what the id identifies: {@code patient}, {@code case} or {@code slide}
 * @param examples paths and their ids, which the lint tests
 * @param note a remark, such as what is not known
 */
public record PatientRule(
        @Nullable PathPattern pattern,
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
        examples = ManifestFields.orEmpty(examples);
    }

    /** The patient of the file at that path; empty if the rule does not match. */
    public Optional<String> patientOf(String path) {
        return pattern == null ? Optional.empty() : pattern.id(path);
    }
}
