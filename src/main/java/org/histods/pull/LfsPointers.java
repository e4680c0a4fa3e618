package org.histods.pull;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.histods.digest.FilePath;
import org.histods.fetch.FetchCandidate;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.text.Size;
import org.histods.unpack.UnpackedFile;
import org.histods.unpack.UnpackedTree;

/** Finds the Git LFS pointers in an unpacked archive: small files that stand for larger ones. */
final class LfsPointers {

    /** A longer file is not a pointer, by the specification of Git LFS. */
    private static final int LONGEST = 1024;

    private LfsPointers() {}

    /** The files that the pointers in a tree stand for, to be fetched from the source of the archive. */
    static List<PullPlan.Item> in(UnpackedTree tree, PullPlan.Item archive, FetchCandidate from) throws Problem {
        List<PullPlan.Item> items = new ArrayList<>();
        try {
            for (UnpackedFile file : tree.files()) {
                String member = file.entry();
                if (member == null || file.bytes() == 0 || file.bytes() > LONGEST) {
                    continue;
                }
                byte[] content =
                        Files.readAllBytes(tree.root().resolve(file.path().text()));
                from.source()
                        .resolvePointer(from.file(), member, file.path(), content)
                        .ifPresent(behind -> items.add(item(archive, from, behind, file.executable())));
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot read what was unpacked", e));
        }
        return items;
    }

    private static PullPlan.Item item(
            PullPlan.Item archive, FetchCandidate from, RemoteFile behind, boolean executable) {
        RemoteFile file =
                new RemoteFile(behind.path(), behind.uris(), behind.bytes(), behind.checksums(), executable, null);
        FetchCandidate candidate = new FetchCandidate(from.source(), from.record(), file);
        return new PullPlan.Item(
                candidate,
                Size.of(behind.bytes()),
                archive.part(),
                false,
                behind.path().parent(),
                null,
                true);
    }

    static Set<FilePath> paths(List<PullPlan.Item> items) {
        return items.stream().map(item -> item.file().path()).collect(Collectors.toSet());
    }
}
