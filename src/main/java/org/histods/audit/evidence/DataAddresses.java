package org.histods.audit.evidence;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recognises the addresses of data in a line of code: records of repositories, buckets, and what their tools are given. */
final class DataAddresses {

    /**
     * How an address is written.
     *
     * @param pattern whose last group that matched is the part that varies
     * @param url the address, with {@code $} for that part; what `histods manifest new` takes
     */
    private record Form(Pattern pattern, String url) {
        static Form of(String regex, String url) {
            return new Form(Pattern.compile(regex), url);
        }
    }

    private static final String NAME = "[A-Za-z0-9][\\w.-]*/[A-Za-z0-9][\\w.-]*";

    private static final List<Form> FORMS = List.of(
            Form.of("zenodo\\.org/(?:api/)?(?:records?|deposit)/([0-9]+)", "https://zenodo.org/records/$"),
            Form.of("\\bzenodo_get\\b.*?\\b([0-9]{5,})", "https://zenodo.org/records/$"),
            Form.of("\\b(10\\.5281/zenodo\\.[0-9]+)", "$"),
            Form.of(
                    "\\b(10\\.(?:6084/m9\\.figshare\\.[0-9]+|17632/[\\w.]+|7910/DVN/\\w+|7937/[\\w.-]+|5061/dryad\\.\\w+|17605/OSF\\.IO/\\w+|25452/figshare\\.plus\\.[\\w.]+))",
                    "$"),
            Form.of("figshare\\.com/(articles/[\\w/-]*[0-9]{4,})", "https://figshare.com/$"),
            Form.of("ndownloader\\.figshare\\.com/((?:files|articles)/[0-9]+)", "https://ndownloader.figshare.com/$"),
            Form.of(
                    "kaggle\\s+datasets\\s+download\\b.*?(?<![\\w./-])(" + NAME + ")",
                    "https://www.kaggle.com/datasets/$"),
            Form.of(
                    "(?:dataset_download|dataset_download_files|dataset_load)\\(\\s*(?:\\w+\\s*=\\s*)?[\"'](" + NAME
                            + ")",
                    "https://www.kaggle.com/datasets/$"),
            Form.of("kaggle\\.com/datasets/(" + NAME + ")", "https://www.kaggle.com/datasets/$"),
            Form.of(
                    "kaggle\\s+competitions\\s+download\\b(?:\\s+-[cfp]|\\s+-{2}competition|\\s)*\\s+([a-z0-9][\\w-]+)",
                    "https://www.kaggle.com/competitions/$"),
            Form.of(
                    "(?:competition_download|competition_download_files)\\(\\s*[\"']([\\w-]+)",
                    "https://www.kaggle.com/competitions/$"),
            Form.of("kaggle\\.com/(?:c|competitions)/([\\w-]+)", "https://www.kaggle.com/competitions/$"),
            Form.of(
                    "drive\\.google\\.com/(?:drive/(?:u/[0-9]/)?)?(folders/[\\w-]{20,})",
                    "https://drive.google.com/drive/$"),
            Form.of(
                    "drive\\.google\\.com/(?:file/d/|uc\\?(?:[^\\s\"']*&)?id=|open\\?id=)([\\w-]{20,})",
                    "https://drive.google.com/file/d/$"),
            Form.of(
                    "\\bgdown\\b[^#]*?(?<![\\w/=-])(?:id=)?[\"']?([A-Za-z0-9_-]{28,44})(?![\\w/.-])",
                    "https://drive.google.com/file/d/$"),
            Form.of("\\b(s3://[a-z0-9][a-z0-9.-]{2,}(?:/[^\\s\"'<>{}$`*),;]*)?)", "$"),
            Form.of("\\b(gs://[a-z0-9][\\w.-]{2,}(?:/[^\\s\"'<>{}$`*),;]*)?)", "$"),
            Form.of("\\b(https?://[a-z0-9.-]+\\.s3[.-][a-z0-9.-]*amazonaws\\.com/[^\\s\"'<>{}$`*),;]*)", "$"),
            Form.of("\\b(https?://storage\\.googleapis\\.com/[^\\s\"'<>{}$`*),;]+)", "$"),
            Form.of("huggingface\\.co/datasets/(" + NAME + ")", "https://huggingface.co/datasets/$"),
            Form.of(
                    "\\b(?:snapshot_download|load_dataset)\\(\\s*(?:\\w+\\s*=\\s*)?[\"'](" + NAME + ")[\"']",
                    "https://huggingface.co/datasets/$"),
            Form.of(
                    "\\bhf_hub_download\\((?=.*dataset).*?[\"'](" + NAME + ")[\"']",
                    "https://huggingface.co/datasets/$"),
            Form.of(
                    "\\b(?:huggingface-cli|hf)\\s+download\\b(?=.*dataset).*?\\s(" + NAME + ")",
                    "https://huggingface.co/datasets/$"),
            Form.of("\\bosf\\.io/(?:download/)?([a-z0-9]{5})\\b", "https://osf.io/$"),
            Form.of("\\bosf\\s+-{1,2}p(?:roject)?\\s+([a-z0-9]{5})\\b", "https://osf.io/$"),
            Form.of(
                    "data\\.mendeley\\.com/(?:public-)?(?:datasets|files)/([a-z0-9]+)",
                    "https://data.mendeley.com/datasets/$"),
            Form.of("\\b(https?://[\\w.-]*dataverse[\\w.-]*/[^\\s\"'<>{}$`*),;]+)", "$"),
            Form.of(
                    "academictorrents\\.com/(?:details|download)/([0-9a-f]{40})",
                    "https://academictorrents.com/details/$"),
            Form.of("(magnet:\\?xt=urn:btih:[0-9A-Za-z]+)", "$"),
            Form.of("(?i)synapse.*?\\b(syn[0-9]{5,})\\b", "https://www.synapse.org/Synapse:$"),
            Form.of("archive\\.org/(?:details|download)/([\\w.-]+)", "https://archive.org/details/$"),
            Form.of("\\b(ftp://[^\\s\"'<>{}$`*),;]+)", "$"),
            Form.of(
                    "\\b(https?://[^\\s\"'<>{}$`*),;]+\\.(?:zip|tar\\.[a-z0-9]+|tar|tgz|7z|rar|svs|ndpi|mrxs|tiff?|h5|hdf5|npz|npy|parquet)(?:\\?[^\\s\"'<>]*)?)(?![\\w/])",
                    "$"));

    /** Hosts of programs, and of what programs are built from. */
    private static final Pattern PROGRAMS = Pattern.compile(
            "https?://(?:[\\w.-]+\\.)?(?:pythonhosted\\.org|pypi\\.org|python\\.org|anaconda\\.(?:org|com)|pytorch\\.org|nvidia\\.com|"
                    + "nodejs\\.org|kernel\\.org|gnu\\.org|apache\\.org|maven\\.org|r-project\\.org|bioconductor\\.org|debian\\.org|"
                    + "ubuntu\\.com|sourceforge\\.net|openslide\\.org|kitware\\.com|cmake\\.org|example\\.(?:com|org)|localhost)(?:[:/].*)?"
                    + "|https?://(?:127\\.|10\\.|192\\.168\\.).*"
                    + "|https?://(?:github|gitlab)\\.com/.*/archive/.*|https?://codeload\\.github\\.com/.*"
                    + "|https?://github\\.com/[^/]+/[^/]+/releases/download/v?[0-9].*");

    private DataAddresses() {}

    /** The addresses in a line, each once. */
    static Set<String> in(String line) {
        Set<String> found = new LinkedHashSet<>();
        List<int[]> taken = new ArrayList<>();
        if (line.indexOf('.') < 0
                && line.indexOf('/') < 0
                && line.indexOf(':') < 0
                && !line.contains("gdown")
                && !line.contains("kaggle")) {
            return found;
        }
        for (Form form : FORMS) {
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
