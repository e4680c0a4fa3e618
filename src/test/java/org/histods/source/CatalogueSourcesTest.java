package org.histods.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.histods.manifest.Catalogue;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.Manifests;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.transport.Answer;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.junit.jupiter.api.Test;

/** The catalogue's own sources, without a network: a slip in a manifest must not wait for a user to find it. */
final class CatalogueSourcesTest {

    /** Says no to everything. */
    private static final class NoNetwork implements Transport {
        @Override
        public Answer open(Request request) throws Problem {
            throw new Problem(Kind.NETWORK, "no network");
        }

        @Override
        public byte[] read(Request request, int most) throws Problem {
            throw new Problem(Kind.NETWORK, "no network");
        }

        @Override
        public void close() {}
    }

    @Test
    void everySourceOfAKnownKind_hasTheFormThatItsKindNeeds() throws Problem {
        Path folder = Path.of(System.getProperty("project.basedir", ".")).resolve("manifests");
        List<String> faults = new ArrayList<>();
        int listed = 0;
        for (ManifestFile file : new Catalogue(folder, new Manifests()).all()) {
            for (SourceSpec spec : file.manifest().sources()) {
                Source source = Sources.of(spec.kind()).orElse(null);
                if (source == null || spec.use() == SourceSpec.Use.NEVER) {
                    continue;
                }
                try {
                    listed += source.resolve(spec, new NoNetwork()).size();
                } catch (Problem problem) {
                    boolean asks = problem.kind() == Kind.NETWORK && mayAsk(spec);
                    if (!asks && problem.kind() != Kind.PERSON) {
                        faults.add(file.manifest().id() + ": " + problem.message());
                    }
                }
            }
        }
        assertEquals(List.of(), faults);
        assertTrue(listed > 100, "only " + listed);
    }

    /** Whether the manifest leaves something for the host to say. */
    private static boolean mayAsk(SourceSpec spec) {
        boolean floating = Set.of("github", "huggingface").contains(spec.kind())
                && !spec.record().contains("@");
        boolean torrent = spec.kind().equals("torrent")
                && (spec.option("web-seed") == null
                        || spec.files().stream().anyMatch(f -> f.sums().isEmpty()));
        return torrent
                || spec.files().isEmpty()
                || spec.option("via") != null
                || spec.checksumList() != null
                || floating;
    }
}
