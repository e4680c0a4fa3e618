package org.histods.pull;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.mirror.MirrorFiles;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.LocalContent;
import org.histods.pull.local.LocalCopy;
import org.histods.pull.local.Offer;
import org.histods.pull.local.OfferedFile;
import org.histods.pull.local.OfferedFiles;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/**
 * Deletes files in the user's folder that {@code adopt --move} has taken into the mirror.
 *
 * @param mirror where the files are
 */
record OfferRelease(Mirror mirror) {

    /**
     * Deletes the names in the user's folder of files that are in the mirror now, if they are to be moved. What was compared with
     * nothing keeps its name: it may be a file of the user's own.
     */
    void release(PullPlan plan, Offer offer, BagRef ref, BagAssembly assembly, PullListener listener) {
        int unchecked = 0;
        if (offer.how() == Offer.How.MOVE) {
            for (PullPlan.Item item : plan.items()) {
                if (item.local() == null || !item.local().offered()) {
                    continue;
                }
                for (LocalCopy copy : item.local().copies()) {
                    if (LocalContent.compared(copy.check())) {
                        mirror.files()
                                .release(
                                        copy.file().file(),
                                        ref.data().resolve(copy.path().text()));
                    } else {
                        unchecked++;
                    }
                }
            }
        }
        if (unchecked > 0) {
            listener.note(Count.of(unchecked, "file") + " of " + offer.folder()
                    + " that nothing was compared with stay" + (unchecked == 1 ? "s" : "")
                    + " there too, as some may be your own; the mirror has links to them");
        }
        if (assembly.copied() > 0) {
            listener.note(Count.of(assembly.copied(), "file") + " of " + offer.folder()
                    + " cannot be linked (another disk, another owner or a link) and stay"
                    + (assembly.copied() == 1 ? "s" : "") + " there; the mirror has copies");
        }
    }

    /**
     * Deletes the names that an adoption with {@link Offer.How#MOVE} left when it was interrupted after the dataset was
     * published: those of files that the bag has and that were compared with something.
     */
    void finish(ExistingBag present, @Nullable Offer offer, PullListener listener) throws Problem {
        if (offer == null) {
            return;
        }
        OfferedFiles.requireFolder(offer.folder());
        Bag bag = present.bag().orElseThrow();
        long moved = 0;
        if (offer.how() == Offer.How.MOVE && mirror.owns(bag.ref())) {
            Map<Object, Path> inBag = new HashMap<>();
            Set<String> compared = bag.fetches().stream()
                    .filter(fetch -> fetch.local() != null
                            && fetch.local().groups().stream().allMatch(group -> LocalContent.compared(group.check())))
                    .map(FetchRecord::id)
                    .collect(Collectors.toSet());
            for (BagFile one : bag.files()) {
                if (compared.contains(one.fetch())) {
                    Path file = bag.ref().data().resolve(one.path().text());
                    MirrorFiles.fileKey(file).ifPresent(key -> inBag.put(key, file));
                }
            }
            for (OfferedFile file : OfferedFiles.in(offer.folder()).all()) {
                Path same = file.linkable()
                        ? MirrorFiles.fileKey(file.file()).map(inBag::get).orElse(null)
                        : null;
                if (same != null && mirror.files().release(file.file(), same)) {
                    moved++;
                }
            }
        }
        listener.note(
                moved > 0
                        ? "moved " + Count.of(moved, "file") + " of " + offer.folder()
                                + " that an earlier run has linked into the mirror"
                        : offer.folder() + " is left as it is, since the dataset is in the mirror already");
    }
}
