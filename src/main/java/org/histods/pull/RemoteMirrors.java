package org.histods.pull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Fingerprint;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Other people's mirrors, which a pull tries before the dataset's own sources.
 *
 * @param mirrors in the order in which they are asked
 * @param expected the fingerprint that a bag must have to be used; null for any
 */
public record RemoteMirrors(
        List<RemoteMirror> mirrors, @Nullable Fingerprint expected) {

    /** No mirrors. */
    public static final RemoteMirrors NONE = new RemoteMirrors(List.of(), null);

    public RemoteMirrors {
        mirrors = List.copyOf(mirrors);
    }

    /**
     * The bags of that dataset and version that can be used, best first.
     *
     * @param note receives why a mirror is not used
     */
    List<RemoteBag> find(PullRequest request, DatasetVersion version, Transport transport, Consumer<String> note)
            throws Problem {
        Manifest manifest = request.manifest().manifest();
        String dataset = manifest.id() + " " + version;
        List<RemoteBag> bags = new ArrayList<>();
        for (RemoteMirror mirror : mirrors) {
            String reason = null;
            try {
                Optional<RemoteMirror.Offer> offer = mirror.find(manifest.id(), version, transport);
                if (offer.isEmpty()) {
                    reason = "it does not have " + dataset;
                } else if (!offer.get().selection().isEmpty()) {
                    reason = "it has only a part of " + dataset;
                } else if (expected != null && !expected.equals(offer.get().fingerprint())) {
                    reason = "its " + dataset + " has another fingerprint than the lock";
                } else {
                    bags.add(new RemoteBag(offer.get(), manifest));
                }
            } catch (Problem p) {
                if (p.kind() == Problem.Kind.INTERRUPTED) {
                    throw p;
                }
                reason = p.message();
            }
            if (reason != null) {
                note.accept("the mirror " + mirror + " is not used: " + reason);
            }
        }
        return bags;
    }
}
