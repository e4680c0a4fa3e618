package org.histods.source.grandchallenge;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.dataset.DatasetVersion;
import org.histods.manifest.Access;
import org.histods.manifest.License;
import org.histods.manifest.PinnedFile;
import org.histods.problem.Problem;
import org.histods.source.RecordDescription;
import org.histods.source.listing.HtmlText;
import org.histods.source.listing.JsonResponse;
import org.histods.transport.Transport;
import tools.jackson.databind.JsonNode;

/** Describes archives of Grand Challenge, for accounts that were admitted. */
final class GrandChallengeDescriber {

    private static final Pattern PATH = Pattern.compile("/archives/([A-Za-z0-9_-]{1,100})(?:/.*)?");

    private GrandChallengeDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        String host = url.getHost() == null ? "" : url.getHost();
        Matcher path = PATH.matcher(url.getPath() == null ? "" : url.getPath());
        boolean here = host.equals(GrandChallengeArchive.HOST) || host.equals("www." + GrandChallengeArchive.HOST);
        if (!here || !path.matches()) {
            return Optional.empty();
        }
        String slug = String.valueOf(path.group(1));
        GrandChallengeArchive archive = new GrandChallengeArchive(slug, transport);
        JsonNode about = archive.about();
        List<PinnedFile> files = new ArrayList<>();
        for (GrandChallengeArchive.Entry entry : archive.entries(about)) {
            URI uri = entry.uri();
            if (uri != null) {
                files.add(RecordDescription.file(entry.path(), uri.toString(), null, List.of()));
            }
        }
        String title = JsonResponse.text(about, "title");
        String text = JsonResponse.text(about, "description");
        String page = GrandChallengeArchive.page(slug);
        return Optional.of(new RecordDescription(
                        RecordDescription.source("grand-challenge", "archives/" + slug, Map.of(), List.of(), files),
                        title == null ? slug : title,
                        text == null ? null : HtmlText.text(text),
                        List.of(),
                        null,
                        License.UNKNOWN,
                        null,
                        DatasetVersion.UNVERSIONED,
                        page,
                        "Grand Challenge")
                .with(new Access(
                        Access.Status.CREDENTIAL,
                        "An account that was admitted to the archive.",
                        page,
                        List.of(
                                "Open " + page + ", sign in, and ask to be admitted.",
                                "Make a token in your settings there and store it with `histods login "
                                        + GrandChallengeArchive.HOST + "`.",
                                "Run `histods pull FILE` with this manifest."))));
    }
}
