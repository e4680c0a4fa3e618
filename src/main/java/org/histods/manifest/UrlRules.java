package org.histods.manifest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.histods.yaml.PointerError;

/** Rules for the URLs in a manifest: no secrets, no dead forms, no http if https works. */
public final class UrlRules {

    private static final Pattern URL = Pattern.compile("(https?|ftp)://[^\\s<>\"'\\[\\]{}|]+");

    /** The fields whose URLs are used; notes and evidence may have dead ones. */
    private static final Set<String> USED = Set.of("record", "at", "checksum-list", "landing", "page", "url", "steps");

    /** Query parameters with signatures or credentials, as used by S3, Google, Azure, CloudFront and others. */
    private static final Pattern SECRET = Pattern.compile(
            "[?&;#]((?:access_?|auth_?|api_?|private_?)?token|api_?key|x-amz-[a-z-]+|x-goog-[a-z-]+|awsaccesskeyid"
                    + "|googleaccessid|signature|sig|key-pair-id|policy|password|passwd|secret|session_?id"
                    + "|jwt|credential)=",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern CREDENTIALS = Pattern.compile("^[a-z]+://[^/@?#]+@");

    /** Hosts that support https; those of the sources and of https URLs in the catalogue are added. */
    private static final Set<String> SECURE = Set.of(
            "gitlab.com",
            "doi.org",
            "dx.doi.org",
            "arxiv.org",
            "creativecommons.org",
            "opendatacommons.org",
            "www.nature.com",
            "www.ncbi.nlm.nih.gov");

    private static final Map<Pattern, String> OLD_DOI =
            Map.of(Pattern.compile("//dx\\.doi\\.org/"), "dx.doi.org is the old form of https://doi.org/");

    private final Set<String> secureHosts;
    private final Map<Pattern, String> oldUrls;

    /** @param texts all texts of the catalogue, for the hosts of its https URLs */
    public UrlRules(Iterable<String> texts, SourceKinds kinds) {
        Set<String> hosts = new HashSet<>(SECURE);
        hosts.addAll(kinds.secureHosts());
        oldUrls = new HashMap<>(OLD_DOI);
        oldUrls.putAll(kinds.oldUrls());
        for (String text : texts) {
            Matcher url = URL.matcher(text);
            while (url.find()) {
                if ("https".equals(url.group(1))) {
                    hosts.add(host(url.group()));
                }
            }
        }
        secureHosts = hosts.stream().collect(Collectors.toUnmodifiableSet());
    }

    /** The errors of the URLs in these values by JSON pointer. */
    List<PointerError> broken(Map<String, String> values) {
        List<PointerError> broken = new ArrayList<>();
        values.forEach((pointer, value) -> {
            Matcher url = URL.matcher(value);
            while (url.find()) {
                for (String message : faults(url.group(), used(pointer))) {
                    broken.add(new PointerError(pointer, message));
                }
            }
        });
        return broken;
    }

    private static boolean used(String pointer) {
        String plain = pointer.replaceAll("/[0-9]+$", "");
        return USED.contains(plain.substring(plain.lastIndexOf('/') + 1));
    }

    private List<String> faults(String url, boolean used) {
        List<String> faults = new ArrayList<>();
        Matcher secret = SECRET.matcher(url);
        if (secret.find()) {
            faults.add("the URL on " + host(url) + " has '" + secret.group(1)
                    + "': secrets do not belong in a manifest, and signed URLs expire");
        }
        if (CREDENTIALS.matcher(url).find()) {
            faults.add("the URL on " + host(url) + " has credentials: secrets do not belong in a manifest");
        }
        if (!used) {
            return faults;
        }
        oldUrls.forEach((form, advice) -> {
            if (form.matcher(url).find()) {
                faults.add(advice);
            }
        });
        if (url.startsWith("http://") && secureHosts.contains(host(url))) {
            faults.add(host(url) + " supports https: write https://");
        }
        return faults;
    }

    private static String host(String url) {
        String rest = url.substring(url.indexOf("//") + 2).replaceFirst("[/?#].*", "");
        return rest.substring(rest.lastIndexOf('@') + 1)
                .replaceFirst(":[0-9]+$", "")
                .toLowerCase(Locale.ROOT);
    }
}
