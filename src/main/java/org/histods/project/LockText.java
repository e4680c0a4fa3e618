package org.histods.project;

import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.project.Lock.Artifact;
import org.histods.project.Lock.Locked;
import tools.jackson.core.io.JsonStringEncoder;

/** Writes the text of a lock. */
final class LockText {

    private static final String HEAD = """
            # The exact files that this project uses. Written by histods: commit it, do not edit it.
            # `histods sync --locked` fetches exactly these files, or reports what differs.
            """;

    private final StringBuilder text = new StringBuilder(HEAD);

    private LockText() {}

    static String of(Lock lock) {
        LockText all = new LockText();
        all.text.append("format: ").append(LockFormat.FORMAT).append('\n');
        all.text.append(lock.datasets().isEmpty() ? "datasets: []\n" : "datasets:\n");
        lock.datasets().forEach(all::dataset);
        return all.text.toString();
    }

    private void dataset(Locked locked) {
        line("  - name: ", locked.name());
        line("    id: ", locked.id().text());
        line("    version: ", locked.version().text());
        if (locked.variant() != null) {
            line("    variant: ", locked.variant());
        }
        if (!locked.only().isEmpty()) {
            text.append("    only:\n");
            locked.only().forEach(glob -> line("      - ", glob));
        }
        line("    manifest: ", locked.stated().manifest().toString());
        line("    license: ", locked.stated().license());
        line(
                "    fingerprint: ",
                new Checksum(Algorithm.SHA256, locked.fingerprint().hex()).toString());
        text.append("    files: ").append(locked.content().files()).append('\n');
        text.append("    bytes: ").append(locked.content().bytes()).append('\n');
        if (!locked.stated().sources().isEmpty()) {
            text.append("    sources:\n");
            locked.stated().sources().forEach(from -> {
                line("      - kind: ", from.kind());
                if (!from.record().isEmpty()) {
                    line("        record: ", from.record());
                }
            });
        }
        if (!locked.artifacts().named().isEmpty()) {
            text.append("    artifacts:\n");
            locked.artifacts().named().forEach(this::artifact);
        }
        ArtifactSummary summary = locked.artifacts().summary();
        if (summary != null) {
            summary(summary);
        }
    }

    private void summary(ArtifactSummary summary) {
        text.append("    artifact-list:\n");
        text.append("      count: ").append(summary.count()).append('\n');
        text.append("      verified: ").append(summary.verified()).append('\n');
        text.append("      computed: ").append(summary.computed()).append('\n');
        line("      digest: ", summary.digest().toString());
    }

    private void artifact(Artifact artifact) {
        line("      - path: ", artifact.path().text());
        if (artifact.bytes() != null) {
            text.append("        bytes: ").append(artifact.bytes()).append('\n');
        }
        line("        sum: ", artifact.checksum().toString());
        line("        check: ", artifact.check());
        if (!artifact.by().isEmpty()) {
            line("        by: ", artifact.by());
        }
    }

    /** A text in JSON's quotes, which are valid YAML. */
    private void line(String head, String value) {
        text.append(head).append('"');
        JsonStringEncoder.getInstance().quoteAsString(value, text);
        text.append("\"\n");
    }
}
