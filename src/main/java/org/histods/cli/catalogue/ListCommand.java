package org.histods.cli.catalogue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.manifest.Manifest;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.text.Bytes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code histods list}: the catalogue as a table, filtered. */
@Command(
        name = "list",
        description = {
            "List the datasets of the catalogue",
            "",
            "A dataset is listed if it passes all filters. A filter with several words, separated by commas or given"
                    + " repeatedly, accepts any of them; the word unknown selects datasets without that information."
        },
        footer = {
            "",
            "Examples:",
            "  histods list --organ breast --access open",
            "  histods list --max-size 50GB --task 'nuclei segmentation'",
            "  histods list --group patho-bench",
            "  histods list --pulled --json",
            "  histods list --html catalogue.html",
            "  histods list --site public --site-url https://example.org/datasets/"
        })
public final class ListCommand implements CliCommand {

    private final AppContext app;

    @Mixin
    private Filters filters = new Filters();

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "write an HTML page instead, to search and filter the catalogue in a browser")
    private @Nullable Path html;

    @Option(
            names = "--lineage-svg",
            paramLabel = "FILE",
            description = "write a picture instead, of which datasets are derived from each other")
    private @Nullable Path lineageSvg;

    @Option(
            names = "--site",
            paramLabel = "DIR",
            description = "write a static site instead, with a page for each dataset, into a new or empty folder")
    private @Nullable Path site;

    @Option(
            names = "--site-url",
            paramLabel = "URL",
            description = "with --site, URL where the site will be published, for its sitemap and links")
    private @Nullable String siteUrl;

    public ListCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        DatasetTable table = new DatasetTable(app, filters, List.of());
        if (siteUrl != null && site == null) {
            throw new Problem(Problem.Kind.USAGE, "--site-url requires --site");
        }
        if (html == null && lineageSvg == null && site == null) {
            return table.print();
        }
        if (site != null) {
            new CatalogueFiles(app).site(site, table.matches(), siteUrl);
        }
        if (html != null) {
            new CatalogueFiles(app).page(html, table.matches());
        }
        if (lineageSvg != null) {
            new CatalogueFiles(app).lineage(lineageSvg);
        }
        return 0;
    }

    /** Filters of {@code list} and {@code search}. */
    static final class Filters {
        @Option(
                names = "--organ",
                split = ",",
                hideParamSyntax = true,
                paramLabel = "WORD,…",
                description = "organ, such as breast, colon or lung")
        List<String> organs = new ArrayList<>();

        @Option(
                names = "--stain",
                split = ",",
                hideParamSyntax = true,
                paramLabel = "WORD,…",
                description = "stain, such as H&E or IHC")
        List<String> stains = new ArrayList<>();

        @Option(
                names = "--task",
                split = ",",
                hideParamSyntax = true,
                paramLabel = "WORD,…",
                description = "task, such as classification or grading")
        List<String> tasks = new ArrayList<>();

        @Option(
                names = "--access",
                split = ",",
                hideParamSyntax = true,
                paramLabel = "WORD,…",
                description = "access: open, registration, agreement, credential, unavailable or unknown")
        List<String> access = new ArrayList<>();

        @Option(
                names = "--source",
                split = ",",
                hideParamSyntax = true,
                paramLabel = "KIND,…",
                description = "kind of source, such as zenodo or s3")
        List<String> sources = new ArrayList<>();

        @Option(
                names = "--unit",
                split = ",",
                hideParamSyntax = true,
                paramLabel = "WORD,…",
                description = "unit: slide, region, patch or cell")
        List<String> units = new ArrayList<>();

        @Option(
                names = "--species",
                split = ",",
                hideParamSyntax = true,
                paramLabel = "WORD,…",
                description = "species, such as human or mouse")
        List<String> species = new ArrayList<>();

        @Option(
                names = "--year",
                split = ",",
                hideParamSyntax = true,
                paramLabel = "YEAR,…",
                description = "year of publication, such as 2018")
        List<String> years = new ArrayList<>();

        @Option(
                names = "--license",
                split = ",",
                hideParamSyntax = true,
                paramLabel = "WORD,…",
                description = "licence, such as CC-BY-4.0")
        List<String> licenses = new ArrayList<>();

        @Option(
                names = "--max-size",
                paramLabel = "SIZE",
                description = "largest download, such as 50GB; leaves out datasets of unknown size")
        @Nullable
        String maxSize;

        @Option(
                names = "--group",
                paramLabel = "NAME",
                description = "only datasets of a group, such as the benchmark eva")
        @Nullable
        String group;

        @Option(names = "--pulled", description = "only datasets in the mirror")
        boolean pulled;

        @Option(names = "--csv", description = "print comma-separated values with a header line")
        boolean csv;

        /** One filter: the option, the words given, and the values of a manifest. */
        private record Filter(String option, List<String> words, Function<Manifest, List<String>> field) {

            boolean matches(Manifest m) {
                return words.isEmpty() || words.stream().anyMatch(word -> matches(word, m));
            }

            boolean matches(String word, Manifest m) {
                String sought = word.strip().toLowerCase(Locale.ROOT);
                return values(m).stream()
                        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains(sought));
            }

            /** The manifest's values; {@code unknown} if it has none. */
            List<String> values(Manifest m) {
                List<String> values = field.apply(m);
                return values.isEmpty() ? List.of("unknown") : values;
            }
        }

        /** In bytes; null for no limit. */
        @Nullable
        Long maxSize() throws Problem {
            try {
                return maxSize == null ? null : Bytes.parse(maxSize);
            } catch (IllegalArgumentException e) {
                throw new Problem(Problem.Kind.USAGE, "--max-size: " + e.getMessage());
            }
        }

        private List<Filter> all() {
            return List.of(
                    new Filter("--organ", organs, m -> m.images().organs()),
                    new Filter("--stain", stains, m -> m.images().stains()),
                    new Filter("--task", tasks, m -> m.contents().tasks()),
                    new Filter(
                            "--access",
                            access,
                            m -> List.of(m.terms().access().status().word())),
                    new Filter(
                            "--unit",
                            units,
                            m -> m.images().unit() == null
                                    ? List.of()
                                    : List.of(m.images().unit())),
                    new Filter("--species", species, m -> m.images().species()),
                    new Filter(
                            "--year",
                            years,
                            m -> m.publication().year() == null
                                    ? List.of()
                                    : List.of(String.valueOf(m.publication().year()))),
                    new Filter(
                            "--license",
                            licenses,
                            m -> List.of(m.terms().license().shown())),
                    new Filter(
                            "--source",
                            sources,
                            m -> m.sources().stream().map(SourceSpec::kind).toList()));
        }

        boolean matches(Manifest m) {
            return all().stream().allMatch(filter -> filter.matches(m));
        }

        /** A message for each word that matches nothing in the catalogue, perhaps because it is mistyped. */
        List<String> unmatched(List<Manifest> catalogue) {
            List<String> messages = new ArrayList<>();
            for (Filter filter : all()) {
                for (String word : filter.words()) {
                    if (catalogue.stream().noneMatch(m -> filter.matches(word, m))) {
                        messages.add("no dataset matches " + filter.option() + " " + word + "; the values are "
                                + catalogue.stream()
                                        .flatMap(m -> filter.values(m).stream())
                                        .distinct()
                                        .sorted()
                                        .collect(Collectors.joining(", ")));
                    }
                }
            }
            return messages;
        }
    }

    /** {@code histods search}: the datasets whose manifests contain words. */
    @Command(
            name = "search",
            description = {
                "Search the catalogue for words",
                "",
                "Finds datasets whose manifest contains every word, in upper or lower case. The filters are those of"
                        + " `histods list`."
            },
            footer = {"", "Example:", "  histods search nuclei breast --access open"})
    public static final class Search implements CliCommand {

        private final AppContext app;

        @Parameters(arity = "1..*", paramLabel = "WORD", description = "words that the manifest must contain")
        private List<String> words = List.of();

        @Mixin
        private Filters filters = new Filters();

        public Search(AppContext app) {
            this.app = app;
        }

        @Override
        public int run() throws Problem {
            return new DatasetTable(app, filters, words).print();
        }
    }
}
