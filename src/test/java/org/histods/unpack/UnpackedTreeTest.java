package org.histods.unpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.histods.digest.Algorithm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tree ids come from {@code git write-tree} over the same files. */
final class TreeTest {

    private static final List<Specimen> REPOSITORY = List.of(
            Specimen.of("repo-1234/README.md", "not in the folder"),
            Specimen.of("repo-1234/data/sub/deep/é.txt", "deep\n"),
            Specimen.of("repo-1234/data/a/x", "x"),
            new Specimen(
                    "repo-1234/data/run.sh", "#!/bin/sh\n".getBytes(java.nio.charset.StandardCharsets.UTF_8), true),
            Specimen.of("repo-1234/data/a.b", "b"),
            Specimen.of("repo-1234/data/empty", ""),
            Specimen.of("repo-1234/data/a.d/c", "c"));

    @TempDir
    Path root;

    private Tree unpack(Packer packer, Set<Algorithm> also) throws Exception {
        UnpackOptions options =
                new UnpackOptions("in/to", "*/data", List.of(), path -> true, null, also, UnpackOptions.Limits.USUAL);
        return new Unpacker(2)
                .unpack(Specimen.source(packer.fileName(), packer.pack(REPOSITORY)), root, options, count -> {});
    }

    @ParameterizedTest
    @EnumSource(names = {"ZIP", "TAR", "TAR_GZ", "SEVEN_Z"})
    void treeId_isTheOneThatGitGives(Packer packer) throws Exception {
        Tree tree = unpack(packer, Set.of(Algorithm.GIT_BLOB));
        assertEquals(
                "git-tree:b99fc816f9af705969fb3294584e1718b37ea227",
                tree.gitTree("in/to").toString());
    }

    @Test
    void treeIdWithoutBlobIds_isRefused() throws Exception {
        Tree tree = unpack(Packer.TAR, Set.of());
        assertThrows(IllegalStateException.class, () -> tree.gitTree(""));
    }

    @Test
    void files_areSortedByPath() throws Exception {
        assertEquals(
                List.of("in/to/a.b", "in/to/a.d/c", "in/to/a/x", "in/to/empty", "in/to/run.sh", "in/to/sub/deep/é.txt"),
                unpack(Packer.ZIP, Set.of()).files().stream()
                        .map(file -> file.path().text())
                        .toList());
    }
}
