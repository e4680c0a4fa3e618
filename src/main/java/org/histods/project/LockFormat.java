package org.histods.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.problem.Problem;
import org.histods.project.Lock.Artifact;
import org.histods.project.Lock.From;
import org.histods.project.Lock.Locked;
import org.histods.yaml.YamlError;
import org.histods.yaml.YamlFields;
import org.histods.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes {@code histods.lock}: YAML with one value per line and every text in double quotes, so that equal locks are
 * equal files and git can merge branches that lock different datasets.
 */
final class LockFormat {

    /** The format that this program reads and writes. */
    public static final int FORMAT = 2;

    /** The largest lock that is read, in bytes: enough for 90 datasets with as many artifacts as a lock names. */
    static final int LIMIT = 4_000_000;

    private static final String HINT =
            "restore it, or delete it and run `histods lock`; after a merge conflict, keep whole datasets of one side";

    private static final List<String> TOP = List.of("format", "datasets");
    private static final List<String> DATASET =
            List.of(("name id version variant only manifest license fingerprint files bytes sources artifacts "
                            + "artifact-list")
                    .split(" "));

    private final String file;
    private final List<YamlError> errors = new ArrayList<>();

    private LockFormat(String file) {
        this.file = file;
    }

    /** The text of a lock; {@link #read} reads it back, and the same lock gives the same text. */
    public static String write(Lock lock) {
        return LockText.of(lock);
    }

    /**
     * Reads a lock.
     *
     * @param file its name for messages
     * @throws Problem {@code USAGE} if it has another format or mistakes; the message lists every mistake with line and
     *     field
     */
    public static Lock read(String text, String file) throws Problem {
        LockFormat format = new LockFormat(file);
        YamlNode root = YamlNode.read(text, file, format.errors, LIMIT);
        YamlNode.refuse(file, format.errors, HINT);
        DeclarationFormat.refuseNewer(root, file, FORMAT);
        List<Locked> datasets = format.datasets(root);
        YamlNode.refuse(file, format.errors, HINT);
        return new Lock(datasets);
    }

    private List<Locked> datasets(YamlNode root) {
        YamlFields fields = new YamlFields(root, file, errors, TOP);
        long number = fields.number("format");
        if (number != FORMAT) {
            fields.error(fields.at("format"), "the format should be " + FORMAT);
        }
        List<Locked> datasets = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (YamlNode item : fields.list("datasets")) {
            Locked locked = dataset(item);
            if (locked != null && names.contains(locked.name())) {
                errors.add(new YamlError(file, item.line(), item.field(), "'" + locked.name() + "' is locked twice"));
            } else if (locked != null) {
                names.add(locked.name());
                datasets.add(locked);
            }
        }
        return datasets;
    }

    private @Nullable Locked dataset(YamlNode item) {
        int before = errors.size();
        YamlFields fields = new YamlFields(item, file, errors, DATASET);
        Checksum manifest = checksum(fields, "manifest");
        Checksum fingerprint = checksum(fields, "fingerprint");
        if (fingerprint != null && fingerprint.algorithm() != Algorithm.SHA256) {
            fields.error(fields.at("fingerprint"), "a fingerprint is a sha256");
        }
        List<From> sources = new ArrayList<>();
        for (YamlNode source : fields.list("sources")) {
            YamlFields from = new YamlFields(source, file, errors, List.of("kind", "record"));
            String record = from.text("record");
            sources.add(new From(from.required("kind"), record == null ? "" : record));
        }
        List<Artifact> artifacts = new ArrayList<>();
        for (YamlNode node : fields.list("artifacts")) {
            Artifact artifact = artifact(node);
            if (artifact != null) {
                artifacts.add(artifact);
            }
        }
        ArtifactSummary summary = summary(fields);
        if (summary != null && !artifacts.isEmpty()) {
            fields.error(fields.at("artifact-list"), "it replaces the list under 'artifacts': keep one of the two");
        }
        String name = fields.required("name");
        DatasetId id = fields.id();
        DatasetVersion version = fields.requiredVersion();
        String license = fields.required("license");
        long files = fields.number("files");
        long bytes = fields.number("bytes");
        List<String> only = fields.words("only");
        String variant = fields.variant();
        if (errors.size() > before || id == null || version == null || manifest == null || fingerprint == null) {
            return null;
        }
        return new Locked(
                name,
                id,
                version,
                variant,
                only,
                new Lock.Stated(manifest, license, sources),
                new Lock.Content(new Fingerprint(fingerprint.hex()), files, bytes),
                new Lock.Artifacts(artifacts, summary));
    }

    private @Nullable ArtifactSummary summary(YamlFields of) {
        if (!of.has("artifact-list")) {
            return null;
        }
        YamlFields fields = new YamlFields(
                of.at("artifact-list"), file, errors, List.of("count", "verified", "computed", "digest"));
        long count = fields.number("count");
        long verified = fields.number("verified");
        if (verified + fields.number("computed") != count) {
            fields.error(fields.at("count"), "it is not the sum of verified and computed");
        }
        Checksum digest = checksum(fields, "digest");
        return digest == null ? null : new ArtifactSummary(count, verified, digest);
    }

    private @Nullable Artifact artifact(YamlNode node) {
        YamlFields fields = new YamlFields(node, file, errors, List.of("path", "bytes", "sum", "check", "by"));
        String path = fields.required("path");
        String fault = FilePath.fault(path);
        if (!path.isEmpty() && fault != null) {
            fields.error(fields.at("path"), fault);
        }
        Checksum checksum = checksum(fields, "sum");
        String check = fields.required("check");
        String by = fields.text("by");
        Boolean verified = Map.of("verified", true, "computed", false).get(check);
        if (!check.isEmpty() && verified == null) {
            fields.error(fields.at("check"), "'" + check + "' should be verified or computed");
        }
        Long bytes = fields.has("bytes") ? fields.number("bytes") : null;
        return checksum == null || verified == null || fault != null
                ? null
                : new Artifact(new FilePath(path), bytes, checksum, verified, by == null ? "" : by);
    }

    private @Nullable Checksum checksum(YamlFields fields, String name) {
        String text = fields.required(name);
        if (text.isEmpty()) {
            return null;
        }
        try {
            return Checksum.parse(text);
        } catch (IllegalArgumentException e) {
            fields.error(fields.at(name), String.valueOf(e.getMessage()));
            return null;
        }
    }
}
