package org.histods.pull.remote;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.histods.dataset.DatasetId;
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
 * @param mayPull whether they may be asked to pull what they lack
 */
public record RemoteMirrors(
        List<RemoteMirror> mirrors, @Nullable Fingerprint expected, boolean mayPull) {

    /** No mirrors. */
    public static final RemoteMirrors NONE = new RemoteMirrors(List.of(), null, false);

    public RemoteMirrors {
        mirrors = List.copyOf(mirrors);
    }

    /**
     * The bags of that dataset and version that can be used, best first.
     *
     * @param ask whether a mirror that may be asked is asked to pull the dataset if none has it
     * @param note receives why a mirror is not used, and how far a mirror is that pulls
     */
    public List<RemoteBag> find(
            Manifest manifest, DatasetVersion version, boolean ask, Transport transport, Consumer<String> note)
            throws Problem {
        DatasetId id = manifest.id();
        Map<RemoteMirror, String> lacking = new LinkedHashMap<>();
        List<RemoteBag> bags = new ArrayList<>();
        for (RemoteMirror mirror : mirrors) {
            try {
                Optional<RemoteMirror.Offer> offer = mirror.find(id, version, transport);
                String reason = fault(offer, id + " " + version);
                if (reason == null) {
                    bags.add(new RemoteBag(offer.orElseThrow(), manifest));
                } else if (isComplete(offer)) {
                    note.accept(notUsed(mirror, reason));
                } else {
                    lacking.put(mirror, reason);
                }
            } catch (Problem p) {
                note.accept(notUsed(mirror, unlessInterrupted(p)));
            }
        }
        boolean pulling = ask && mayPull;
        for (Map.Entry<RemoteMirror, String> entry : lacking.entrySet()) {
            RemoteMirror mirror = entry.getKey();
            String reason = entry.getValue();
            if (pulling && bags.isEmpty()) {
                try {
                    Optional<RemoteMirror.Offer> offer = mirror.obtain(id, version, transport, note);
                    if (offer.isPresent()) {
                        reason = fault(offer, id + " " + version);
                    }
                    if (reason == null) {
                        bags.add(new RemoteBag(offer.orElseThrow(), manifest));
                        continue;
                    }
                } catch (Problem p) {
                    reason = unlessInterrupted(p);
                }
            }
            note.accept(notUsed(mirror, reason));
        }
        return bags;
    }

    private static String notUsed(RemoteMirror mirror, String reason) {
        return "the mirror " + mirror + " is not used: " + reason;
    }

    private static String unlessInterrupted(Problem p) throws Problem {
        if (p.kind() == Problem.Kind.INTERRUPTED) {
            throw p;
        }
        return p.message();
    }

    private static boolean isComplete(Optional<RemoteMirror.Offer> offer) {
        return offer.isPresent() && offer.get().selection().isEmpty();
    }

    /** Why the bag cannot be used; null if it can. */
    private @Nullable String fault(Optional<RemoteMirror.Offer> offer, String dataset) {
        if (offer.isEmpty()) {
            return "it does not have " + dataset;
        }
        if (!isComplete(offer)) {
            return "it has only a part of " + dataset;
        }
        return expected == null || expected.equals(offer.get().fingerprint())
                ? null
                : "its " + dataset + " has another fingerprint than the lock";
    }
}
