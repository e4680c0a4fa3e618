package org.histods.cli.shell;

import java.util.ArrayList;
import java.util.List;
import org.histods.digest.FilePath;
import org.histods.digest.Glob;
import org.histods.problem.Problem;
import org.histods.provenance.FileSelection;
import org.histods.pull.FileQuery;
import org.histods.pull.ListedWord;
import org.histods.pull.PullRequest;
import org.histods.pull.Puller;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that select files of a dataset. */
public final class SelectionOptions {

    @Option(names = "--only", paramLabel = "GLOB|SPLIT,…", description = "only matching files, or the files of a split")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--only-from",
            paramLabel = "FILE[:COLUMN]",
            description = "only files in a list: paths, globs, or ids of slides or patients; a column of a table; a GDC"
                    + " or s5cmd manifest")
    private List<String> lists = new ArrayList<>();

    @Option(
            names = "--where",
            paramLabel = "CONDITION",
            description = "only files that meet conditions, such as 'project=TCGA-LUAD & n<=20'")
    private List<String> where = new ArrayList<>();

    /**
     * Checks the options, without reading lists.
     *
     * @throws Problem {@code USAGE}
     */
    public void check() throws Problem {
        for (String word : only) {
            try {
                Glob.of(word);
            } catch (IllegalArgumentException e) {
                throw new Problem(Problem.Kind.USAGE, "--only '" + FilePath.printable(word) + "': " + e.getMessage());
            }
        }
        words();
        query();
    }

    /** The globs and splits of {@code --only}. */
    public List<String> words() throws Problem {
        return FileSelection.words(only);
    }

    /** The conditions; null if there are none. */
    public @Nullable FileQuery query() throws Problem {
        return where.isEmpty() ? null : FileQuery.parse(where);
    }

    /** Whether nothing is selected. */
    public boolean everything() {
        return only.isEmpty() && !choosesByHost();
    }

    /** Whether the selection depends on the list of the dataset's files. */
    public boolean choosesByHost() {
        return !lists.isEmpty() || !where.isEmpty();
    }

    /**
     * The request for the selected files.
     *
     * @param request for the globs of {@code --only}
     * @throws Problem as {@link Puller#choose}
     */
    public PullRequest choose(AppContext app, Puller puller, PullRequest request) throws Problem {
        List<ListedWord> listed = new ArrayList<>();
        for (String list : lists) {
            listed.addAll(SelectionFile.read(app, list));
        }
        return puller.choose(request, listed, query(), app.console()::say);
    }
}
