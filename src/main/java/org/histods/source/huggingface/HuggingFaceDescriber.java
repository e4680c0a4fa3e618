package org.histods.source.huggingface;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.Access;
import org.histods.manifest.License;
import org.histods.manifest.PinnedFile;
import org.histods.problem.Problem;
import org.histods.source.RecordDescription;
import org.histods.source.listing.HtmlText;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SpdxMapper;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Describes repositories of Hugging Face at their newest commit, or at the revision in the URL. */
final class HuggingFaceDescriber {

    private static final Pattern PATH =
            Pattern.compile("/(?:api/)?(?:(datasets|spaces|models)/)?([\\w.-]+(?:/[\\w.-]+)?)/?"
                    + "(?:/(tree|blob|resolve|raw|revision|viewer|discussions)(?:/([^/]+)(?:/(.*))?)?)?");

    /** First path segments that are not the owner of a model. */
    private static final Set<String> PAGES =
            Set.of("docs", "blog", "papers", "collections", "settings", "join", "login", "tasks", "learn", "pricing");

    private HuggingFaceDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        String host = url.getHost() == null ? "" : url.getHost();
        Matcher path = PATH.matcher(url.getRawPath() == null ? "" : url.getRawPath());
        if (!(host.equals(HuggingFaceRepo.HOST) || host.equals("hf.co")) || !path.matches()) {
            return Optional.empty();
        }
        String type = path.group(1);
        String id = String.valueOf(path.group(2));
        if (type == null && (!id.contains("/") || PAGES.contains(id.substring(0, id.indexOf('/'))))) {
            return Optional.empty();
        }
        boolean whole = path.group(3) == null || path.group(3).matches("viewer|discussions");
        String revision = whole || path.group(4) == null ? null : UrlEncoding.decode(path.group(4));
        String below = whole || path.group(5) == null ? null : UrlEncoding.decode(path.group(5));
        HuggingFaceRepo requested = new HuggingFaceRepo(type == null ? "models" : type, id, revision);
        JsonNode about = requested.described(transport);
        return Optional.of(described(requested.fixed(about), about, below == null ? "" : below, transport));
    }

    /** @param below a file or folder of the repository; empty for all of it */
    private static RecordDescription described(HuggingFaceRepo repo, JsonNode about, String below, Transport transport)
            throws Problem {
        String folder = below.isEmpty() || below.endsWith("/") ? below : below + "/";
        List<PinnedFile> files = new ArrayList<>();
        for (HuggingFaceTree.Entry entry : HuggingFaceTree.read(repo, transport)) {
            boolean selected = entry.path().equals(below) || entry.path().startsWith(folder);
            if (selected && !entry.path().equals(".gitattributes")) {
                files.add(RecordDescription.file(entry.path(), null, entry.bytes(), entry.checksums()));
            }
        }
        if (files.isEmpty()) {
            throw new Problem(Problem.Kind.NETWORK, repo.subject() + " has no " + below, "check the URL");
        }
        String owner = JsonResponse.text(about, "author");
        String created = JsonResponse.text(about, "createdAt");
        String html = JsonResponse.text(about, "description");
        String title = JsonResponse.text(about, "cardData", "pretty_name");
        List<String> include = folder.isEmpty() ? List.of() : List.of(folder + "**");
        RecordDescription described = new RecordDescription(
                RecordDescription.source("huggingface", repo.text(), Map.of(), include, files),
                title == null ? repo.id() : title,
                html == null ? null : HtmlText.text(html),
                owner == null ? List.of() : List.of(owner),
                RecordDescription.year(created),
                license(about),
                tag(about, "doi:"),
                RecordDescription.version(repo.revision()),
                repo.page(),
                "Hugging Face");
        return gated(about) ? described.with(accepting(repo)) : described;
    }

    /** Whether the terms must be accepted: the field is false, or the kind of approval. */
    private static boolean gated(JsonNode about) {
        return JsonResponse.text(about, "gated") != null || about.path("gated").asBoolean(false);
    }

    private static Access accepting(HuggingFaceRepo repo) {
        return new Access(
                Access.Status.CREDENTIAL,
                "Its terms must be accepted first.",
                repo.page(),
                List.of(
                        "Open " + repo.page() + ", sign in, and accept the terms.",
                        "Make a token in your settings there and store it with `histods login " + HuggingFaceRepo.HOST
                                + "`.",
                        "Run `histods pull FILE` with this manifest."));
    }

    /** The licence of the card, which has one or a list; unknown if there are several. */
    private static License license(JsonNode about) {
        JsonNode card = about.path("cardData").path("license");
        String word = card.isArray() && card.size() == 1 ? card.path(0).asString() : JsonResponse.text(card);
        String found = word == null ? tag(about, "license:") : word;
        boolean none = found == null || found.equals("unknown") || found.equals("other");
        String name = JsonResponse.text(about, "cardData", "license_name");
        return SpdxMapper.of(none ? null : found, name, JsonResponse.text(about, "cardData", "license_link"));
    }

    private static @Nullable String tag(JsonNode about, String start) {
        String found = null;
        for (JsonNode tag : about.path("tags").values()) {
            String text = JsonResponse.text(tag);
            if (text != null && text.startsWith(start)) {
                if (found != null) {
                    return null;
                }
                found = text.substring(start.length());
            }
        }
        return found;
    }
}
