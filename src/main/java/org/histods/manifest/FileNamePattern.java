package org.histods.manifest;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A pattern of file names that are typical of one dataset, such as {@code ADI-AAAFLCLY.tif}.
 *
 * @param pattern a Java regular expression searched in the path
 * @param examples paths of real files; the pattern must find each, which the lint tests
 */
public record FileNamePattern(PathPattern pattern, List<String> examples) {

    public FileNamePattern {
        requireNonNull(pattern, "pattern");
        examples = ManifestFields.orEmpty(examples);
    }

    /** Whether the path of a file has such a name. */
    public boolean fits(String path) {
        return pattern.isIn(path);
    }
}
