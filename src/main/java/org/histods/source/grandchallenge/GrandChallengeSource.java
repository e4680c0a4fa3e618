package org.histods.source.grandchallenge;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.credentials.CredentialLocation;
import org.histods.credentials.LoginService;
import org.histods.credentials.TokenScheme;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.listing.FileListing;
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
        boolean all = spec.files().isEmpty();
        boolean ask = all || spec.files().stream().anyMatch(f -> !PinnedFiles.hasUrl(f));
        GrandChallengeArchive archive = new GrandChallengeArchive(slug, transport);
        List<GrandChallengeArchive.Entry> entries = ask ? archive.entries(archive.about()) : List.of();
        return all ? listed(spec, slug, entries) : pinned(spec, slug, entries);
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
                        "get it at " + page + " and bring it with --from, or exclude it");
            }
            listing.add(entry.path(), List.of(uri == null ? URI.create(page) : uri), null, List.of());
        }
        return listing.files();
    }

    private static List<RemoteFile> pinned(SourceSpec spec, String slug, List<GrandChallengeArchive.Entry> entries)
            throws Problem {
        List<RemoteFile> files = new ArrayList<>();
        for (PinnedFile file : spec.files()) {
            PinnedFiles.path(spec, file);
            URI uri = PinnedFiles.hasUrl(file) ? PinnedFiles.url(spec, file) : address(slug, file, entries);
            files.add(PinnedFiles.remote(spec, file, List.of(uri)));
        }
        return files;
    }

    private static URI address(String slug, PinnedFile file, List<GrandChallengeArchive.Entry> entries) throws Problem {
        String name = PinnedFiles.name(file);
        for (GrandChallengeArchive.Entry entry : entries) {
            URI uri = entry.uri();
            if (uri != null && (entry.path().equals(name) || entry.id().equals(name))) {
                return uri;
            }
        }
        throw new Problem(
                Kind.UPSTREAM_CHANGED,
                GrandChallengeArchive.subject(slug) + " has no file " + name,
                "look at " + GrandChallengeArchive.page(slug));
    }
}
