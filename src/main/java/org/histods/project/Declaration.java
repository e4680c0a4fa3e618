package org.histods.project;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.jspecify.annotations.Nullable;

/**
 * What a project says that it uses: the content of its {@code histods.yaml}.
 *
 * @param purpose what the work is for, in a word such as {@code research} or {@code commercial}; null if unsaid
 * @param datasets in the order of the file, each name once and each path once
 * @param accepted findings of an audit that somebody has looked at and accepts
 */
public record Declaration(@Nullable String purpose, List<Declared> datasets, List<Accepted> accepted) {

    /** The name of the file in the project's folder. */
    public static final String FILE = "histods.yaml";

    /** The form of names, as of ids. */
    static final Pattern NAME = Pattern.compile(DatasetId.FORM);

    public Declaration {
        datasets = List.copyOf(datasets);
        accepted = List.copyOf(accepted);
    }

    /**
     * A dataset that the project uses.
     *
     * @param name what the project calls it; its id where the project does not say
     * @param id in the catalogue
     * @param version null for the one that the catalogue has
     * @param variant null for the preferred one
     * @param only names of splits and globs, as {@code pull --only} takes them; empty for everything
     * @param roles {@code train}, {@code test}, {@code validation}, {@code pretrain} or other words; empty if unsaid
     * @param path where in the project's folder its files are wanted; {@code data/<name>} where it does not say
     */
    public record Declared(
            String name,
            DatasetId id,
            @Nullable DatasetVersion version,
            @Nullable String variant,
            List<String> only,
            List<String> roles,
            String path) {

        public Declared {
            only = List.copyOf(only);
            roles = List.copyOf(roles);
        }

        /** Where a dataset lies whose path the project does not say. */
        static String usualPath(String name) {
            return "data/" + name;
        }
    }

    /**
     * A finding that is accepted.
     *
     * @param rule the finding's rule id
     * @param datasets the ids it is about, all of them; empty for every finding of that rule
     * @param reason why, in a sentence
     */
    public record Accepted(String rule, List<String> datasets, String reason) {
        public Accepted {
            datasets = List.copyOf(datasets);
        }
    }

    /** The dataset of that name in the project. */
    public Optional<Declared> named(String name) {
        return datasets.stream().filter(d -> d.name().equals(name)).findFirst();
    }
}
