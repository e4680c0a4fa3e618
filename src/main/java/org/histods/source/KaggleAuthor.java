package org.histods.source;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.License;
import org.histods.manifest.PinnedFile;
import org.histods.problem.Problem;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/** Describes datasets and competitions of Kaggle by what their listings say: names and sizes. */
final class KaggleAuthor implements Author {

    private static final int MOST = 200;
    private static final Pattern COMPETITION = Pattern.compile("/(?:c|competitions)/([A-Za-z0-9_-]+)(?:/.*)?");
    private static final Pattern DATASET =
            Pattern.compile("/(?:datasets/)?([A-Za-z0-9_-]+)/([A-Za-z0-9_-]+)(?:/(?:versions?/([0-9]+)|.*))?");

    /** First words of addresses that are no owner of a dataset, as addresses without {@code datasets} begin. */
    private static final String NO_OWNER =
            "(?:code|discussions?|models|learn|docs|organizations|account|settings|rankings|general|product-feedback|kernels|api)";

    @Override
    public Optional<Described> describe(URI address, Transport transport) throws Problem {
        String host = address.getHost() == null ? "" : address.getHost();
        String path = address.getPath() == null ? "" : address.getPath();
        KaggleRecord record =
                host.equals(KaggleRecord.HOST) || host.equals("kaggle.com") ? record(address, path) : null;
        if (record == null) {
            return Optional.empty();
        }
        List<PinnedFile> files = new ArrayList<>();
        for (KaggleSource.Entry entry : KaggleSource.entries(record, transport)) {
            files.add(Described.file(entry.name(), null, entry.bytes(), List.of()));
        }
        return Optional.of(new Described(
                Described.spec("kaggle", record.text(), Map.of(), files.size() > MOST ? List.of() : files),
                record.slug(),
                null,
                record.owner() == null ? List.of() : List.of(record.owner()),
                null,
                License.UNKNOWN,
                null,
                Described.version(record.version()),
                record.page(),
                "Kaggle"));
    }

    private static @Nullable KaggleRecord record(URI address, String path) {
        Matcher competition = COMPETITION.matcher(path);
        if (competition.matches()) {
            return new KaggleRecord(null, String.valueOf(competition.group(1)), null);
        }
        Matcher dataset = DATASET.matcher(path);
        if (!dataset.matches() || String.valueOf(dataset.group(1)).matches(NO_OWNER)) {
            return null;
        }
        String query = address.getQuery() == null ? "" : address.getQuery();
        Matcher asked =
                Pattern.compile("(?:.*&)?datasetVersionNumber=([0-9]+)(?:&.*)?").matcher(query);
        String version = asked.matches() ? asked.group(1) : dataset.group(3);
        return new KaggleRecord(dataset.group(1), String.valueOf(dataset.group(2)), version);
    }
}
