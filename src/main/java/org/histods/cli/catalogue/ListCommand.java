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

/** The catalogue as a table, filtered. */
@Command(
        name = "list",
        description = "Show the datasets of the catalogue.",
        footer = {
            "",
            "Filters combine: a dataset is shown if it passes all of them. A filter given twice or with commas",
            "means any of its words.",
            "",
            "Examples:",
            "  histods list --organ breast --access open",
            "  histods list --max-size 50GB",
            "  histods list --task 'nuclei segmentation' --json",
            "  histods list --html catalogue.html     a page to search and filter in a browser"
        })
public final class ListCommand implements CliCommand {

    private final AppContext wiring;

    @Mixin
    private Filters filters = new Filters();

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "write a page for the browser instead: all of each dataset, in one file, without the network")
    private @Nullable Path html;

    @Option(
            names = "--lineage-svg",
            paramLabel = "FILE",
            description = "draw instead how all datasets of the catalogue come from each other")
    private @Nullable Path picture;

    public ListCommand(AppContext wiring) {
        this.wiring = wiring;
    }

    @Override
    public int run() throws Problem {
        DatasetTable listing = new DatasetTable(wiring, filters, List.of());
        if (html == null && picture == null) {
            return listing.print();
        }
        if (html != null) {
            new CatalogueFiles(wiring).page(html, listing.chosen());
        }
        if (picture != null) {
            new CatalogueFiles(wiring).lineage(picture);
        }
        return 0;
    }

    /** What narrows a listing. */
    static final class Filters {
        @Option(names = "--organ", split = ",", paramLabel = "WORD", description = "such as breast, colon, lymph node")
        List<String> organs = new ArrayList<>();

        @Option(names = "--stain", split = ",", paramLabel = "WORD", description = "such as H&E, IHC")
        List<String> stains = new ArrayList<>();

        @Option(names = "--task", split = ",", paramLabel = "WORD", description = "such as classification, grading")
        List<String> tasks = new ArrayList<>();

        @Option(
                names = "--access",
                split = ",",
                paramLabel = "WORD",
                description = "open, registration, agreement, credential, unavailable, unknown")
        List<String> access = new ArrayList<>();

        @Option(names = "--source", split = ",", paramLabel = "KIND", description = "such as zenodo, s3, tcia")
        List<String> sources = new ArrayList<>();

        @Option(names = "--unit", split = ",", paramLabel = "WORD", description = "slide, region, patch, cell")
        List<String> units = new ArrayList<>();

        @Option(names = "--species", split = ",", paramLabel = "WORD", description = "such as human, dog, mouse")
        List<String> species = new ArrayList<>();

        @Option(names = "--year", split = ",", paramLabel = "YEAR", description = "of publication, such as 2018")
        List<String> years = new ArrayList<>();

        @Option(names = "--license", split = ",", paramLabel = "WORD", description = "such as CC-BY-4.0, unknown")
        List<String> licenses = new ArrayList<>();

        @Option(
                names = "--max-size",
                paramLabel = "SIZE",
                description = "only what is not larger to download, such as 50GB; leaves out what is of unknown size")
        @Nullable
        String maxSize;

        @Option(names = "--pulled", description = "only what the mirror holds")
        boolean pulled;

        @Option(names = "--csv", description = "comma-separated values with a header line")
        boolean csv;

        /** One filter: the option, what was asked for, and what a manifest says there. */
        private record Filter(String option, List<String> asked, Function<Manifest, List<String>> has) {

            boolean pass(Manifest m) {
                return asked.isEmpty() || asked.stream().anyMatch(word -> found(word, m));
            }

            /** What a manifest does not say is found by the word {@code unknown}. */
            boolean found(String word, Manifest m) {
                String sought = word.strip().toLowerCase(Locale.ROOT);
                return said(m).stream().anyMatch(w -> w.toLowerCase(Locale.ROOT).contains(sought));
            }

            List<String> said(Manifest m) {
                List<String> words = has.apply(m);
                return words.isEmpty() ? List.of("unknown") : words;
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
                    new Filter("--organ", organs, Manifest::organs),
                    new Filter("--stain", stains, Manifest::stains),
                    new Filter("--task", tasks, Manifest::tasks),
                    new Filter(
                            "--access", access, m -> List.of(m.access().status().word())),
                    new Filter("--unit", units, m -> m.unit() == null ? List.of() : List.of(m.unit())),
                    new Filter("--species", species, Manifest::species),
                    new Filter("--year", years, m -> m.year() == null ? List.of() : List.of(String.valueOf(m.year()))),
                    new Filter("--license", licenses, m -> List.of(m.license().shown())),
                    new Filter(
                            "--source",
                            sources,
                            m -> m.sources().stream().map(SourceSpec::kind).toList()));
        }

        boolean pass(Manifest m) {
            return all().stream().allMatch(filter -> filter.pass(m));
        }

        /** What to say of each word that nothing in the catalogue has: perhaps it was mistyped. */
        List<String> strange(List<Manifest> catalogue) {
            List<String> strange = new ArrayList<>();
            for (Filter filter : all()) {
                for (String word : filter.asked()) {
                    if (catalogue.stream().noneMatch(m -> filter.found(word, m))) {
                        strange.add(filter.option() + " " + word + ": no dataset has that; there is "
                                + catalogue.stream()
                                        .flatMap(m -> filter.said(m).stream())
                                        .distinct()
                                        .sorted()
                                        .collect(Collectors.joining(", ")));
                    }
                }
            }
            return strange;
        }
    }

    /** The catalogue, searched in all its words. */
    @Command(
            name = "search",
            description = "Find datasets by words anywhere in their manifests.",
            footer = {"", "Example:", "  histods search nuclei breast --access open"})
    public static final class Search implements CliCommand {

        private final AppContext wiring;

        @Parameters(arity = "1..*", paramLabel = "TEXT", description = "each word must be found, whatever its case")
        private List<String> words = List.of();

        @Mixin
        private Filters filters = new Filters();

        public Search(AppContext wiring) {
            this.wiring = wiring;
        }

        @Override
        public int run() throws Problem {
            return new DatasetTable(wiring, filters, words).print();
        }
    }
}
