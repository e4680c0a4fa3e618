package org.histods.source.all;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.histods.catalogue.Catalogue;
import org.histods.manifest.Access;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.testing.ManifestHost;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The catalogue's own sources, without a network: a mistake in a manifest must not wait until a user finds it. */
final class CatalogueSourcesTest {

    /** Refuses every request. */
    private static final class NoNetwork implements Transport {
        @Override
        public Response open(Request request) throws Problem {
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
        for (ManifestFile file : new Catalogue(folder, new ManifestReader()).all()) {
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

    /** Whether something must be requested from the host. */
    private static boolean mayAsk(SourceSpec spec) {
        boolean floating = Set.of("github", "huggingface").contains(spec.kind())
                && !spec.record().contains("@");
        boolean torrent = spec.kind().equals("torrent")
                && (spec.option("web-seed") == null
                        || spec.files().stream().anyMatch(f -> f.checksums().isEmpty()));
        return torrent
                || spec.files().isEmpty()
                || spec.option("via") != null
                || spec.listing().checksumList() != null
                || floating;
    }

    /** The kinds whose files only a person can download. */
    private static final Set<String> PEOPLE = Set.of("manual", "credential");

    static List<Manifest> open() throws Problem {
        Path folder = Path.of(System.getProperty("project.basedir", ".")).resolve("manifests");
        List<Manifest> open = new ArrayList<>();
        for (ManifestFile file : new Catalogue(folder, new ManifestReader()).all()) {
            if (file.manifest().terms().access().status() == Access.Status.OPEN) {
                open.add(file.manifest());
            }
        }
        return open;
    }

    @Test
    void everyManifest_usesKindsThatThereAre() throws Problem {
        Path folder = Path.of(System.getProperty("project.basedir", ".")).resolve("manifests");
        List<String> unknown = new ArrayList<>();
        int manifests = 0;
        for (ManifestFile file : new Catalogue(folder, new ManifestReader()).all()) {
            manifests++;
            for (SourceSpec spec : file.manifest().sources()) {
                if (Sources.of(spec.kind()).isEmpty()) {
                    unknown.add(file.manifest().id() + ": " + spec.kind());
                }
            }
        }
        assertEquals(List.of(), unknown);
        assertTrue(manifests >= 158, "only " + manifests + " manifests");
    }

    /** Each part of each open dataset lists files, or its manifest explains the manual steps. */
    @ParameterizedTest
    @MethodSource("open")
    void openDataset_resolvesToFilesOrSaysWhatAPersonMustDo(Manifest manifest) throws Problem {
        for (String part : manifest.parts()) {
            List<SourceSpec> sources = manifest.sourcesOf(part);
            boolean byHand = sources.stream().allMatch(spec -> PEOPLE.contains(spec.kind()));
            String where = manifest.id() + " part '" + part + "'";
            if (byHand) {
                assertTrue(
                        !manifest.terms().access().steps().isEmpty()
                                && manifest.terms().access().note() != null,
                        where);
                assertTrue(sources.stream().allMatch(spec -> spec.note() != null), where);
                continue;
            }
            int resolved = 0;
            for (SourceSpec spec : sources) {
                resolved += !PEOPLE.contains(spec.kind()) && resolves(where, spec) ? 1 : 0;
            }
            boolean torrent = sources.stream()
                    .allMatch(spec -> spec.kind().equals("torrent")
                            && String.valueOf(spec.note()).contains("BitTorrent"));
            assertTrue(resolved > 0 || torrent, where + " comes to no files");
        }
    }

    /** Whether it lists files; if not, for a reason that no test host can avoid. */
    private static boolean resolves(String where, SourceSpec spec) throws Problem {
        Source source = Sources.of(spec.kind()).orElseThrow();
        try {
            List<RemoteFile> files = source.resolve(spec, new ManifestHost(spec));
            assertTrue(spec.files().isEmpty() || files.size() == spec.files().size(), where + ": " + files);
            return true;
        } catch (Problem problem) {
            boolean person = problem.kind() == Kind.PERSON && spec.note() != null;
            // A torrent or folder with a given hash cannot be made.
            boolean hash = (problem.message().contains(spec.record())
                            && spec.kind().equals("torrent"))
                    || spec.files().stream()
                            .flatMap(file -> file.checksums().stream())
                            .anyMatch(checksum -> problem.message().contains("expected  " + checksum.checksum()));
            assertTrue(person || hash, where + ": " + problem.kind() + " " + problem.message());
            return false;
        }
    }
}
