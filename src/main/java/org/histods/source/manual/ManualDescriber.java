package org.histods.source.manual;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.Access;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.listing.JsonResponse;
import org.histods.transport.Request;
import org.histods.transport.Transport;

/**
 * Drafts manifests for places that only allow manual downloads, and explains pages that only link to data.
 */
final class ManualDescriber {

    private static final Pattern SYNAPSE = Pattern.compile("(?:.*[:/#!])?(syn[0-9]{4,12})(?:[./?].*)?");
    private static final Pattern DRIVEN_DATA =
            Pattern.compile("/competitions/(?:group/)?(?:([0-9]+)/)?([a-z0-9-]+)(?:/.*)?");
    private static final Pattern FORM =
            Pattern.compile("docs\\.google\\.com/forms/.*|forms\\.gle/.*|forms\\.office\\.com/.*"
                    + "|forms\\.microsoft\\.com/.*|[a-z0-9.-]*jotform\\.com/.*|[a-z0-9-]+\\.typeform\\.com/.*"
                    + "|[a-z0-9.-]*redcap[a-z0-9.-]*/surveys/.*|[a-z0-9.-]+/redcap/surveys/.*");

    /** A page that does not contain data, and what to give instead. */
    private record Lead(Pattern page, String what, String hint) {
        Lead(String page, String what, String hint) {
            this(Pattern.compile(page), what, hint);
        }
    }

    private static final List<Lead> LEADS = List.of(
            new Lead(
                    "(?!www\\.)[a-z0-9-]+\\.grand-challenge\\.org(?:/.*)?|(?:www\\.)?grand-challenge\\.org/challenges/.*",
                    "is the page of a challenge, whose data is usually elsewhere",
                    "give the Zenodo record, bucket or folder that its data pages link to; an"
                            + " archive has a URL such as https://grand-challenge.org/archives/NAME/"),
            new Lead(
                    "registry\\.opendata\\.aws(?:/.*)?",
                    "is a page about buckets",
                    "give the ARN under 'Resources on AWS' there, such as arn:aws:s3:::bucket/folder/"),
            new Lead(
                    "(?:wiki|public)\\.cancerimagingarchive\\.net(?:/.*)?",
                    "is a page of TCIA's old site",
                    "give the collection's page, such as"
                            + " https://www.cancerimagingarchive.net/collection/her2-tumor-rois/, or its DOI"),
            new Lead(
                    "figshare\\.com/(?:s|projects)/.*",
                    "is a page of figshare that links to articles",
                    "give the URL of one article or of a collection"),
            new Lead(
                    "zenodo\\.org/(?:communities|search).*",
                    "is a page of Zenodo that links to records",
                    "give the URL of one record, such as https://zenodo.org/records/1214456"),
            new Lead(
                    "(?:www\\.)?dropbox\\.com/.*|[a-z0-9-]+\\.sharepoint\\.com/.*|onedrive\\.live\\.com/.*|1drv\\.ms/.*"
                            + "|pan\\.baidu\\.com/.*|mega\\.nz/.*",
                    "is a share that cannot be listed",
                    "download it in a browser; in the manifest, a source of kind manual names this URL and the files"));

    private ManualDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        String host = url.getHost() == null ? "" : url.getHost();
        String place = host + (url.getRawPath() == null ? "" : url.getRawPath());
        for (Lead lead : LEADS) {
            if (lead.page().matcher(place).matches()) {
                throw new Problem(Kind.USAGE, url + " " + lead.what(), lead.hint());
            }
        }
        if (host.equals("ieee-dataport.org") || host.equals("www.ieee-dataport.org")) {
            return Optional.of(ieee(url));
        }
        Matcher synapse = SYNAPSE.matcher(url.toString());
        if (host.matches("(?:www\\.)?synapse\\.org") && synapse.matches()) {
            return Optional.of(synapse(synapse.group(1), transport));
        }
        Matcher competition = DRIVEN_DATA.matcher(url.getPath() == null ? "" : url.getPath());
        if (host.matches("(?:www\\.)?drivendata\\.org") && competition.matches()) {
            return Optional.of(drivenData(url, competition.group(2)));
        }
        return FORM.matcher(place).matches() ? Optional.of(form(url)) : Optional.empty();
    }

    private static RecordDescription ieee(URI page) {
        String name = String.valueOf(page.getPath()).replaceFirst("/$", "").replaceFirst(".*/", "");
        boolean open = String.valueOf(page.getPath()).startsWith("/open-access/");
        return draft(
                "credential",
                page,
                name,
                "IEEE DataPort",
                Access.Status.REGISTRATION,
                List.of(
                        "Make a free account at https://ieee-dataport.org or sign in to yours"
                                + (open ? "." : "; data without open access also needs a subscription."),
                        "Open " + page + " and download the files.",
                        RecordDescription.PULL_LOCAL_FILES));
    }

    private static RecordDescription synapse(String id, Transport transport) throws Problem {
        URI page = URI.create("https://www.synapse.org/Synapse:" + id);
        String name = null;
        try {
            URI entity = URI.create("https://repo-prod.prod.sagebase.org/repo/v1/entity/" + id);
            name = JsonResponse.text(
                    JsonResponse.read(transport, Request.get(entity), "synapse " + id, page.toString()), "name");
        } catch (Problem problem) {
            if (problem.kind() == Kind.INTERRUPTED) {
                throw problem;
            }
            // Reading the name may need an account; the steps are the same.
        }
        return draft(
                "credential",
                page,
                name == null ? id : name,
                "Synapse",
                Access.Status.CREDENTIAL,
                List.of(
                        "Make an account at https://www.synapse.org or sign in to yours.",
                        "Open " + page + " and accept the terms that it asks for.",
                        "Make a personal access token with the scopes view and download in your settings there.",
                        "Run `pip install synapseclient`, `synapse login` and `synapse get -r " + id + "`.",
                        RecordDescription.PULL_LOCAL_FILES));
    }

    private static RecordDescription drivenData(URI page, String name) {
        return draft(
                "manual",
                page,
                name,
                "DrivenData",
                Access.Status.REGISTRATION,
                List.of(
                        "Make an account at https://www.drivendata.org or sign in to yours.",
                        "Open " + page + " and join the competition, accepting its rules.",
                        "Download the tables from its page of data. Images are often in open buckets in several"
                                + " regions; their names are on that page or in the tables: `histods manifest new"
                                + " s3://BUCKET/FOLDER/` drafts a"
                                + " source for one.",
                        RecordDescription.PULL_LOCAL_FILES));
    }

    private static RecordDescription form(URI page) {
        return draft(
                "manual",
                page,
                "TODO: the title of the dataset",
                null,
                Access.Status.REGISTRATION,
                List.of(
                        "Fill in the form at " + page + " and send it.",
                        "Wait for the reply and download the files that it links to.",
                        RecordDescription.PULL_LOCAL_FILES));
    }

    private static RecordDescription draft(
            String kind,
            URI page,
            String title,
            @org.jspecify.annotations.Nullable String publisher,
            Access.Status status,
            List<String> steps) {
        String at = page.toString();
        return RecordDescription.named(RecordDescription.spec(kind, at, Map.of(), List.of()), title, at, publisher)
                .with(new Access(status, null, at, steps));
    }
}
