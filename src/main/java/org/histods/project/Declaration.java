package org.histods.project;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.jspecify.annotations.Nullable;

/**
 * The datasets that a project declares: the content of its {@code histods.yaml}.
 *
 * @param purpose what the work is for, such as {@code research} or {@code commercial}; null if not stated
 * @param datasets in the order of the file, with unique names and paths
 * @param accepted findings of an audit that were reviewed and accepted
 */
public record Declaration(@Nullable String purpose, List<Declared> datasets, List<Accepted> accepted) {

    /** The name of the file in the project's folder. */
    public static final String FILE = "histods.yaml";

    /** The roles of data that a model sees before it is tested. */
    public static final Set<String> SEEN = Set.of("train", "pretrain", "validation");

    /** The role of data that a model is tested on. */
    public static final String TEST = "test";

    /** The form of names, as of ids. */
    static final Pattern NAME = Pattern.compile(DatasetId.FORM);

    public Declaration {
        datasets = List.copyOf(datasets);
        accepted = List.copyOf(accepted);
    }

    /**
     * A dataset that the project uses.
     *
     * @param name what the project calls it; by default its id
     * @param id in the catalogue
     * @param version null for the catalogue's
     * @param variant null for the preferred one
     * @param only names of splits and globs, as {@code pull --only} takes them; empty for everything
     * @param roles {@code train}, {@code test}, {@code validation}, {@code pretrain} or other words; empty if not stated
     * @param path of its files in the project's folder; by default {@code data/<name>}
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

        /** Whether it has roles, and the audit knows none of them. */
        public boolean rolesUnknown() {
            return !roles.isEmpty() && roles.stream().noneMatch(role -> role.equals(TEST) || SEEN.contains(role));
        }

        /** The path of a dataset without a {@code path}. */
        static String defaultPath(String name) {
            return "data/" + name;
        }
    }

    /**
     * An accepted finding.
     *
     * @param rule the finding's rule id
     * @param datasets all the ids that it is about; empty for every finding of that rule
     * @param reason one sentence
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
