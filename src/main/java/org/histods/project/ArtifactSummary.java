package org.histods.project;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.histods.digest.Checksum;
import org.histods.digest.Hasher;
import org.histods.project.Lock.Artifact;

/**
 * A summary of many downloaded files.
 *
 * @param count how many there are
 * @param verified how many of them were compared with a published checksum
 * @param digest the SHA-256 of {@link #text}
 */
public record ArtifactSummary(long count, long verified, Checksum digest) {

    static ArtifactSummary of(List<Artifact> artifacts) {
        return new ArtifactSummary(
                artifacts.size(),
                artifacts.stream().filter(Artifact::verified).count(),
                Hasher.sha256(text(artifacts)));
    }

    /** How many were only hashed. */
    public long computed() {
        return count - verified;
    }

    /** The text of the digest: a line {@code <sum>␠␠<path>\n} for each, sorted by the UTF-8 bytes of the path. */
    static String text(List<Artifact> artifacts) {
        List<Artifact> sorted = new ArrayList<>(artifacts);
        sorted.sort(Comparator.comparing(Artifact::path));
        StringBuilder text = new StringBuilder();
        sorted.forEach(artifact -> text.append(artifact.checksum())
                .append("  ")
                .append(artifact.path().text())
                .append('\n'));
        return text.toString();
    }
}
