package org.histods.unpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.histods.digest.Algorithm;
import org.histods.testing.ArchivePacker;
import org.histods.testing.ArchiveSpecimen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tree ids come from {@code git write-tree} over the same files. */
final class UnpackedTreeTest {

    private static final List<ArchiveSpecimen> REPOSITORY = List.of(
            ArchiveSpecimen.of("repo-1234/README.md", "not in the folder"),
            ArchiveSpecimen.of("repo-1234/data/sub/deep/é.txt", "deep\n"),
            ArchiveSpecimen.of("repo-1234/data/a/x", "x"),
            new ArchiveSpecimen(
                    "repo-1234/data/run.sh", "#!/bin/sh\n".getBytes(java.nio.charset.StandardCharsets.UTF_8), true),
            ArchiveSpecimen.of("repo-1234/data/a.b", "b"),
            ArchiveSpecimen.of("repo-1234/data/empty", ""),
            ArchiveSpecimen.of("repo-1234/data/a.d/c", "c"));

    @TempDir
    Path root;

    private UnpackedTree unpack(ArchivePacker packer, Set<Algorithm> also) throws Exception {
        UnpackOptions options =
                new UnpackOptions("in/to", "*/data", List.of(), path -> true, null, also, UnpackOptions.Limits.USUAL);
        return new Unpacker(2)
                .unpack(ArchiveSpecimen.source(packer.fileName(), packer.pack(REPOSITORY)), root, options, count -> {});
    }

    @ParameterizedTest
    @EnumSource(names = {"ZIP", "TAR", "TAR_GZ", "SEVEN_Z"})
    void treeId_isTheOneThatGitGives(ArchivePacker packer) throws Exception {
        UnpackedTree tree = unpack(packer, Set.of(Algorithm.GIT_BLOB));
        assertEquals(
                "git-tree:b99fc816f9af705969fb3294584e1718b37ea227",
                tree.gitTree("in/to").toString());
    }

    @Test
    void treeIdWithoutBlobIds_isRefused() throws Exception {
        UnpackedTree tree = unpack(ArchivePacker.TAR, Set.of());
        assertThrows(IllegalStateException.class, () -> tree.gitTree(""));
    }

    @Test
    void files_areSortedByPath() throws Exception {
        assertEquals(
                List.of("in/to/a.b", "in/to/a.d/c", "in/to/a/x", "in/to/empty", "in/to/run.sh", "in/to/sub/deep/é.txt"),
                unpack(ArchivePacker.ZIP, Set.of()).files().stream()
                        .map(file -> file.path().text())
                        .toList());
    }
}
