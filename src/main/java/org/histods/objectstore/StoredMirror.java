package org.histods.objectstore;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Checksum;
import org.histods.digest.Fingerprint;
import org.histods.digest.Hasher;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.ManifestLine;
import org.histods.pull.remote.RemoteMirror;
import org.histods.transport.Request;
import org.histods.transport.Transport;

/** The bags in an object store, as a mirror to pull from. */
public final class StoredMirror implements RemoteMirror {

    /** The largest tag manifest that is read, in bytes. It lists a few files, and a receipt for each pull and repair. */
    static final int MAX_TAG_MANIFEST = 16 << 20;

    private static final int MAX_INFO = 1 << 20;

    private final ObjectStore store;

    public StoredMirror(ObjectStore store) {
        this.store = store;
    }

    @Override
    public Optional<Offer> find(DatasetId id, DatasetVersion version, Transport transport) throws Problem {
        String key = store.location().bag(id, version);
        Optional<ObjectStore.Content> tags = store.read(key, MAX_TAG_MANIFEST);
        return tags.isEmpty()
                ? Optional.empty()
                : Optional.of(Stored.read(
                        store, new DatasetKey(id, version), tags.get().bytes()));
    }

    @Override
    public String toString() {
        return store.location().toString();
    }

    private record DatasetKey(DatasetId id, DatasetVersion version) {}

    /**
     * A bag in the store.
     *
     * @param tags the SHA-256 of each tag file by its path
     */
    private record Stored(
            ObjectStore store,
            DatasetKey key,
            byte[] tagManifest,
            Map<String, Checksum> tags,
            Fingerprint fingerprint,
            List<String> selection)
            implements Offer {

        static Stored read(ObjectStore store, DatasetKey key, byte[] tagManifest) throws Problem {
            Map<String, Checksum> tags;
            try {
                tags = new TreeMap<>(ManifestLine.tagFiles(new String(tagManifest, StandardCharsets.UTF_8)));
                Checksum manifest = tags.get("manifest-sha256.txt");
                if (manifest == null) {
                    throw new IllegalArgumentException("it lists no manifest-sha256.txt");
                }
                Fingerprint fingerprint = new Fingerprint(manifest.hex());
                Stored bare = new Stored(store, key, tagManifest, tags, fingerprint, List.of());
                byte[] info = bare.file("bag-info.txt", MAX_INFO);
                return new Stored(
                        store,
                        key,
                        tagManifest,
                        tags,
                        fingerprint,
                        Bag.selectionIn(new String(info, StandardCharsets.UTF_8)));
            } catch (IllegalArgumentException e) {
                throw new Problem(
                        Problem.Kind.WRONG_BYTES,
                        "the record of " + key.id() + " " + key.version() + " in " + store.location() + " is damaged: "
                                + e.getMessage(),
                        "ask the owner of the bucket to push it again",
                        e);
            }
        }

        @Override
        public URI url() {
            String folder = store.location().bag(key.id(), key.version());
            return store.url(folder.substring(0, folder.lastIndexOf('/') + 1));
        }

        @Override
        public String by() {
            return store.location().toString();
        }

        @Override
        public String advice() {
            return "delete the object that is damaged, and run `histods push " + key.id() + " --to " + store.location()
                    + "` where the dataset is complete";
        }

        @Override
        public byte[] read(String path, int maxBytes, Transport transport) throws Problem {
            return path.equals("tagmanifest-sha256.txt") ? tagManifest : file(path, maxBytes);
        }

        private byte[] file(String path, int maxBytes) throws Problem {
            Checksum checksum = tags.get(path);
            byte[] bytes = checksum == null
                    ? null
                    : store.read(store.location().file(checksum), maxBytes)
                            .map(ObjectStore.Content::bytes)
                            .orElse(null);
            if (bytes == null || !Hasher.sha256(bytes).equals(checksum)) {
                throw new Problem(
                        Problem.Kind.WRONG_BYTES,
                        path + " of " + key.id() + " " + key.version() + " is "
                                + (bytes == null ? "missing in " : "damaged in ") + store.location(),
                        advice());
            }
            return bytes;
        }

        @Override
        public URI file(BagFile file) {
            return store.url(store.location().file(file.sha256()));
        }

        @Override
        public Request request(URI file) {
            return store.signed(Request.get(file));
        }
    }
}
