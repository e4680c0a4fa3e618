package org.histods.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The expected ids are what {@code git hash-object} and {@code git write-tree} gave for the same files. */
final class GitObjectsTest {

    private static Checksum blob(String content) {
        return GitObjects.blob(content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void blob_isWhatGitSays() {
        assertEquals(
                "git-blob:ce013625030ba8dba906f756967f9e9ca394464a",
                blob("hello\n").toString());
        assertEquals("git-blob:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", blob("").toString());
    }

    /** A folder sorts as if its name ended with a slash: {@code a.b}, {@code a.d/}, then {@code a/}. */
    @Test
    void tree_isWhatGitSays_withFoldersSortOrderAndExecutableBit() {
        GitObjects.Tree tree = new GitObjects.Tree()
                .add("sub/deep/é.txt", false, blob("deep\n"))
                .add("a/x", false, blob("x"))
                .add("run.sh", true, blob("#!/bin/sh\n"))
                .add("a.b", false, blob("b"))
                .add("empty", false, blob(""))
                .add("a.d/c", false, blob("c"));
        assertEquals(
                "git-tree:b99fc816f9af705969fb3294584e1718b37ea227", tree.id().toString());
    }

    @Test
    void executableBit_changesTheId() {
        Checksum executable = new GitObjects.Tree().add("f", true, blob("x")).id();
        assertNotEquals(
                executable, new GitObjects.Tree().add("f", false, blob("x")).id());
    }

    @Test
    void emptyTree_isGitsWellKnownOne() {
        assertEquals(
                "git-tree:4b825dc642cb6eb9a060e54bf8d69288fbee4904",
                new GitObjects.Tree().id().toString());
    }

    @Test
    void samePathTwiceOrThroughAFile_isRefused() {
        GitObjects.Tree tree = new GitObjects.Tree().add("a", false, blob("x"));
        assertThrows(IllegalArgumentException.class, () -> tree.add("a", false, blob("x")));
        assertThrows(IllegalArgumentException.class, () -> tree.add("a/b", false, blob("x")));
        assertThrows(
                IllegalArgumentException.class,
                () -> tree.add("c", false, Checksum.parse("sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709")));
    }
}
