package org.histods.audit.evidence;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recognises the addresses of data in a line of code: records of repositories, buckets, and what their tools are given. */
final class DataAddresses {

    /**
     * How an address is written.
     *
     * @param pattern whose first group is the part that varies
     * @param url the address, with {@code $} for that part; what `histods manifest new` takes
     */
    private record Form(Pattern pattern, String url) {
        static Form of(String regex, String url) {
            return new Form(Pattern.compile(regex), url);
        }
    }

    /** Repositories of data that histods has no source for. */
    private static final List<Form> OTHERS = List.of(
            Form.of("\\b(10\\.5061/dryad\\.\\w+)", "$"),
            Form.of("datadryad\\.org/(?:stash/)?dataset/doi:(10\\.[0-9]{4,9}/[^\\s\"'<>?#)]+)", "$"),
            Form.of(
                    "datadryad\\.org/((?:stash/|api/v2/)?(?:downloads?|files|versions)/[\\w/%.:-]+)",
                    "https://datadryad.org/$"),
            Form.of(
                    "(?i)\\bsyn(?:apse|get|\\w*\\.\\w+\\s*\\().*?\\b(syn[0-9]{5,})\\b",
                    "https://www.synapse.org/Synapse:$"));

    /** Hosts of programs, and of what programs are built from. */
    private static final Pattern PROGRAMS = Pattern.compile(
            "https?://(?:[\\w.-]+\\.)?(?:pythonhosted\\.org|pypi\\.org|python\\.org|anaconda\\.(?:org|com)|pytorch\\.org|nvidia\\.com|"
                    + "nodejs\\.org|kernel\\.org|gnu\\.org|apache\\.org|maven\\.org|r-project\\.org|bioconductor\\.org|debian\\.org|"
                    + "ubuntu\\.com|sourceforge\\.net|openslide\\.org|kitware\\.com|cmake\\.org|example\\.(?:com|org)|localhost)(?:[:/].*)?"
                    + "|https?://(?:127\\.|10\\.|192\\.168\\.).*"
                    + "|https?://(?:github|gitlab)\\.com/.*/archive/.*|https?://codeload\\.github\\.com/.*"
                    + "|https?://github\\.com/[^/]+/[^/]+/releases/download/v?[0-9].*");

    private final List<Form> forms = new ArrayList<>(OTHERS);

    /** @param codePatterns as in {@link HostReferences} */
    DataAddresses(Map<String, String> codePatterns) {
        codePatterns.forEach((regex, url) -> forms.add(Form.of(regex, url)));
    }

    /** The addresses in a line, each once. */
    Set<String> in(String line) {
        Set<String> found = new LinkedHashSet<>();
        List<int[]> taken = new ArrayList<>();
        for (Form form : forms) {
            Matcher matcher = form.pattern().matcher(line);
            while (matcher.find()) {
                String part = matcher.group(1).replaceFirst("[.,;:!?)]+$", "");
                String address = form.url().replace("$", part);
                int start = matcher.start();
                int end = matcher.end();
                boolean inside = taken.stream().anyMatch(t -> start < t[1] && end > t[0]);
                if (!inside && !PROGRAMS.matcher(address).matches()) {
                    found.add(address);
                    taken.add(new int[] {start, end});
                }
            }
        }
        return found;
    }
}
