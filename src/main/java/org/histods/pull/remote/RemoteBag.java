package org.histods.pull.remote;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.digest.Hasher;
import org.histods.manifest.Manifest;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.FetchResult;
import org.histods.provenance.ManifestLine;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.Source;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A complete bag of another mirror, as a source of its files. They are compared with the checksums of the manifest where it
 * has the same file, and else with what the mirror itself states.
 */
public final class RemoteBag implements Source {

    static final String KIND = FetchResult.MIRROR;

    /** The largest tag file that is read, in bytes; a line for each of three million files. */
    public static final int MAX_TAG_FILE = 512 << 20;

    private final RemoteMirror.Offer offer;
    private final String by;
    private final Manifest original;
    private List<BagFile> listed = List.of();

    /** @param original the dataset */
    RemoteBag(RemoteMirror.Offer offer, Manifest original) {
        this.offer = offer;
        this.by = "the mirror " + offer.by();
        this.original = original;
    }

    /** The URL of the bag at the mirror. */
    public URI url() {
        return offer.url();
    }

    /** The fingerprint that the mirror states; {@link #resolve} checks it. */
    public Fingerprint fingerprint() {
        return offer.fingerprint();
    }

    @Override
    public String kind() {
        return KIND;
    }

    /** The source of all of the dataset that stands for this bag. */
    public SourceSpec spec() {
        return new SourceSpec(
                KIND,
                url().toString(),
                false,
                "",
                SourceSpec.Use.AUTO,
                null,
                Map.of(),
                SourceSpec.Listing.ALL,
                null,
                List.of());
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        byte[] manifest = read("manifest-sha256.txt", transport);
        if (!Hasher.sha256(manifest).hex().equals(offer.fingerprint().hex())) {
            throw broken("its manifest-sha256.txt does not match its fingerprint", null);
        }
        try {
            listed = Bag.files(text(manifest), text(read("origins.jsonl", transport)));
        } catch (IllegalArgumentException e) {
            throw broken("its record cannot be read: " + e.getMessage(), e);
        }
        Map<String, List<Stated>> published = ManifestChecksums.of(original);
        return listed.stream().map(file -> remote(file, published)).toList();
    }

    private RemoteFile remote(BagFile file, Map<String, List<Stated>> published) {
        List<Stated> stated = new ArrayList<>(published.getOrDefault(file.path().text(), List.of()));
        stated.add(new Stated(file.sha256(), by));
        return new RemoteFile(file.path(), List.of(offer.file(file)), file.bytes(), stated, file.executable(), null);
    }

    @Override
    public Response open(RemoteFile file, URI uri, long from, long to, @Nullable String ifRange, Transport transport)
            throws Problem {
        return transport.open(offer.request(uri).range(from, to).ifRange(ifRange));
    }

    /**
     * The record that the bag's owner made.
     *
     * @param receipts the receipts by their names, oldest first
     * @param files every file by its path, each with the fetch that it is of
     */
    public record UpstreamRecord(Map<String, byte[]> receipts, Map<FilePath, BagFile> files) {

        /** These files, each with its own origin in place of the copy that was made of it. */
        public List<BagFile> origins(List<BagFile> copies) {
            return copies.stream()
                    .map(copy -> files.getOrDefault(copy.path(), copy))
                    .toList();
        }

        /** Writes the receipts into a bag that is made of the files. */
        public void writeReceipts(Path root) throws Problem {
            try {
                Path folder = Files.createDirectories(root.resolve("receipts"));
                for (Map.Entry<String, byte[]> receipt : receipts.entrySet()) {
                    Files.write(folder.resolve(receipt.getKey()), receipt.getValue());
                }
            } catch (IOException e) {
                throw new Problem(Problem.Kind.DISK, Problem.because("cannot write the receipts of the mirror", e));
            }
        }
    }

    /**
     * Reads where the bag's owner had the files from.
     *
     * @throws Problem {@code WRONG_BYTES} if a receipt is not that of the bag's tag manifest
     */
    public UpstreamRecord record(Transport transport) throws Problem {
        Map<String, byte[]> receipts = new TreeMap<>();
        for (Map.Entry<String, Checksum> tag : tagFiles(transport).entrySet()) {
            String path = tag.getKey();
            if (!Bag.isReceipt(path)) {
                continue;
            }
            byte[] content = read(path, transport);
            if (!Hasher.sha256(content).equals(tag.getValue())) {
                throw broken(path + " does not match its tagmanifest-sha256.txt", null);
            }
            receipts.put(path.substring("receipts/".length()), content);
        }
        List<FetchRecord> fetches = new ArrayList<>();
        for (byte[] receipt : receipts.values()) {
            try {
                fetches.addAll(FetchRecord.in(receipt));
            } catch (IllegalArgumentException e) {
                throw broken("a receipt cannot be read: " + e.getMessage(), e);
            }
        }
        String contradiction = FetchRecord.contradiction(fetches, listed).orElse(null);
        if (contradiction != null) {
            throw broken(contradiction, null);
        }
        Map<FilePath, BagFile> files = new HashMap<>();
        listed.forEach(file -> files.put(file.path(), file));
        return new UpstreamRecord(receipts, files);
    }

    private Map<String, Checksum> tagFiles(Transport transport) throws Problem {
        try {
            return ManifestLine.tagFiles(text(read("tagmanifest-sha256.txt", transport)));
        } catch (IllegalArgumentException e) {
            throw broken("its tagmanifest-sha256.txt cannot be read: " + e.getMessage(), e);
        }
    }

    private byte[] read(String path, Transport transport) throws Problem {
        return offer.read(path, MAX_TAG_FILE, transport);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private Problem broken(String how, @Nullable Exception cause) {
        return new Problem(
                Problem.Kind.WRONG_BYTES, "the bag at " + url() + " is damaged: " + how, offer.advice(), cause);
    }
}
