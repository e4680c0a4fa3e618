package org.histods.source.grandchallenge;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.credentials.CredentialLocation;
import org.histods.credentials.LoginService;
import org.histods.credentials.TokenScheme;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.listing.FileListing;
import org.histods.source.listing.PinnedEntries;
import org.histods.source.listing.PinnedFiles;
import org.histods.transport.HostPolicy;
import org.histods.transport.Transport;

/**
 * Archives of Grand Challenge, for accounts that were admitted. A record is {@code archives/name}. The host states
 * neither sizes nor checksums.
 */
public final class GrandChallengeSource implements Source {

    private static final Pattern RECORD = Pattern.compile("archives/([A-Za-z0-9_-]{1,100})");

    @Override
    public String kind() {
        return "grand-challenge";
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return GrandChallengeDescriber.describe(url, transport);
    }

    /** Grand Challenge publishes no limits; these have worked. */
    @Override
    public Map<String, HostPolicy> policies() {
        return Map.of(
                "grand-challenge.org", new HostPolicy(2, 60, 1),
                "*.grand-challenge.org", new HostPolicy(2, 60, 1));
    }

    @Override
    public Optional<LoginService> loginService() {
        return Optional.of(new LoginService(
                List.of("grand-challenge"),
                List.of(GrandChallengeArchive.HOST),
                new TokenScheme("Authorization", "BEARER"),
                "https://grand-challenge.org/settings/api-tokens/",
                "archives that your account may read",
                List.of(new CredentialLocation.Variable("GRAND_CHALLENGE_AUTHORIZATION", false)),
                List.of()));
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        Matcher form = RECORD.matcher(spec.record());
        if (!form.matches()) {
            throw PinnedFiles.fault(spec, "record", "expected an archive, such as \"archives/my-archive\"");
        }
        String slug = String.valueOf(form.group(1));
        PinnedFiles.noFolders(spec);
        PinnedEntries pinned = new PinnedEntries(
                spec, GrandChallengeArchive.subject(slug), "look at " + GrandChallengeArchive.page(slug));
        GrandChallengeArchive archive = new GrandChallengeArchive(slug, transport);
        List<GrandChallengeArchive.Entry> entries = pinned.needed() ? archive.entries(archive.about()) : List.of();
        if (spec.files().isEmpty()) {
            return listed(spec, slug, entries);
        }
        for (GrandChallengeArchive.Entry entry : entries) {
            URI uri = entry.uri();
            if (uri != null) {
                pinned.add(entry.path(), List.of(uri));
                pinned.add(entry.id(), List.of(uri));
            }
        }
        return pinned.files();
    }

    private static List<RemoteFile> listed(SourceSpec spec, String slug, List<GrandChallengeArchive.Entry> entries)
            throws Problem {
        String subject = GrandChallengeArchive.subject(slug);
        String page = GrandChallengeArchive.page(slug);
        FileListing listing = new FileListing(spec, subject);
        for (GrandChallengeArchive.Entry entry : entries) {
            URI uri = entry.uri();
            if (uri == null && listing.keeps(entry.path())) {
                throw new Problem(
                        Kind.PERSON,
                        subject + ": " + entry.path() + " has no file of its own; it may be a set of DICOM instances",
                        "get it at " + page + " and pass it with --from, or exclude it");
            }
            listing.add(entry.path(), List.of(uri == null ? URI.create(page) : uri), null, List.of());
        }
        return listing.files();
    }
}
