package org.histods.manifest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.histods.yaml.PointerError;

/** What is wrong with the addresses in one manifest: secrets, forms that hosts no longer answer, http without need. */
public final class UrlRules {

    private static final Pattern URL = Pattern.compile("(https?|ftp)://[^\\s<>\"'\\[\\]{}|]+");

    /** Addresses that are followed or shown to be followed; notes and evidence may name a dead one for the record. */
    private static final Set<String> FOLLOWED =
            Set.of("record", "at", "checksum-list", "landing", "page", "url", "steps");

    /** Query parameters that carry a signature or a login; names as S3, Google, Azure, CloudFront and others use them. */
    private static final Pattern SECRET = Pattern.compile(
            "[?&;#]((?:access_?|auth_?|api_?|private_?)?token|api_?key|x-amz-[a-z-]+|x-goog-[a-z-]+|awsaccesskeyid"
                    + "|googleaccessid|signature|sig|key-pair-id|policy|password|passwd|secret|session_?id"
                    + "|jwt|credential)=",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern LOGIN = Pattern.compile("^[a-z]+://[^/@?#]+@");

    /** Hosts that answer https; the catalogue's own https addresses are added to them. */
    private static final Set<String> SECURE = Set.of(
            "zenodo.org",
            "figshare.com",
            "github.com",
            "raw.githubusercontent.com",
            "gitlab.com",
            "huggingface.co",
            "www.kaggle.com",
            "kaggle.com",
            "drive.google.com",
            "doi.org",
            "dx.doi.org",
            "arxiv.org",
            "creativecommons.org",
            "opendatacommons.org",
            "www.cancerimagingarchive.net",
            "portal.gdc.cancer.gov",
            "data.mendeley.com",
            "dataverse.harvard.edu",
            "warwick.ac.uk",
            "osf.io",
            "www.nature.com",
            "www.ncbi.nlm.nih.gov");

    private record Dead(Pattern form, String advice) {
        Dead(String form, String advice) {
            this(Pattern.compile(form), advice);
        }
    }

    private static final List<Dead> DEAD = List.of(
            new Dead(
                    "//figshare\\.com/ndownloader",
                    "figshare.com/ndownloader answers programs with an empty page: write"
                            + " https://ndownloader.figshare.com/files/N"),
            new Dead(
                    "//(www\\.)?zenodo\\.org/record/",
                    "zenodo.org/record/ is Zenodo's old form: write https://zenodo.org/records/N"),
            new Dead(
                    "//wiki\\.cancerimagingarchive\\.net",
                    "the old TCIA wiki is gone or going: write the collection's page on https://www.cancerimagingarchive.net"),
            new Dead(
                    "//public\\.cancerimagingarchive\\.net",
                    "this was TCIA's old portal: write the collection's page on https://www.cancerimagingarchive.net"),
            new Dead("//dx\\.doi\\.org/", "dx.doi.org is the old form of https://doi.org/"));

    private final Set<String> secureHosts;

    /** @param texts all texts of the catalogue, for the hosts that it reaches over https */
    public UrlRules(Iterable<String> texts) {
        Set<String> hosts = new HashSet<>(SECURE);
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

    /** The faults of the addresses among these values by their pointers. */
    List<PointerError> broken(Map<String, String> values) {
        List<PointerError> broken = new ArrayList<>();
        values.forEach((pointer, value) -> {
            Matcher url = URL.matcher(value);
            while (url.find()) {
                for (String message : faults(url.group(), followed(pointer))) {
                    broken.add(new PointerError(pointer, message));
                }
            }
        });
        return broken;
    }

    private static boolean followed(String pointer) {
        String plain = pointer.replaceAll("/[0-9]+$", "");
        return FOLLOWED.contains(plain.substring(plain.lastIndexOf('/') + 1));
    }

    private List<String> faults(String url, boolean followed) {
        List<String> faults = new ArrayList<>();
        Matcher secret = SECRET.matcher(url);
        if (secret.find()) {
            faults.add("the address on " + host(url) + " carries '" + secret.group(1)
                    + "': a secret has no place in a manifest, and a signed address dies soon");
        }
        if (LOGIN.matcher(url).find()) {
            faults.add("the address on " + host(url) + " carries a login: a secret has no place in a manifest");
        }
        if (!followed) {
            return faults;
        }
        for (Dead dead : DEAD) {
            if (dead.form().matcher(url).find()) {
                faults.add(dead.advice());
            }
        }
        if (url.startsWith("http://") && secureHosts.contains(host(url))) {
            faults.add(host(url) + " answers https: write https://");
        }
        return faults;
    }

    private static String host(String url) {
        String rest = url.substring(url.indexOf("//") + 2).replaceFirst("[/?#].*", "");
        return rest.substring(rest.lastIndexOf('@') + 1)
                .replaceFirst(":[0-9]+$", "")
                .toLowerCase(java.util.Locale.ROOT);
    }
}
