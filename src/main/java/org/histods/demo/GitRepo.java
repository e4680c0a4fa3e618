package org.histods.demo;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.histods.digest.Checksum;
import org.histods.digest.GitObjects;

/** A git repository with one commit; its ids are those that git computes. */
final class GitRepo {

    /** When everything was committed, in seconds: 2025-01-01. */
    static final long SECONDS = 1_735_689_600L;

    private final String owner;
    private final String name;
    private final List<GeneratedFile> files;
    private final String commit;

    GitRepo(String owner, String name, List<GeneratedFile> files) {
        this.owner = owner;
        this.name = name;
        this.files =
                files.stream().sorted(Comparator.comparing(GeneratedFile::path)).toList();
        commit = commit(tree("").hex());
    }

    /** {@code owner/name}. */
    String slug() {
        return owner + "/" + name;
    }

    String name() {
        return name;
    }

    /** In the order of their paths. */
    List<GeneratedFile> files() {
        return files;
    }

    /** The id of the one commit. */
    String commit() {
        return commit;
    }

    /** The tree id of a folder, which ends with a slash; an empty text is the whole repository. */
    Checksum tree(String folder) {
        GitObjects.Tree tree = new GitObjects.Tree();
        for (GeneratedFile file : below(folder)) {
            tree.add(file.path(), file.executable(), GitObjects.blob(file.bytes()));
        }
        return tree.id();
    }

    /** The files of a folder, with their paths relative to it. */
    List<GeneratedFile> below(String folder) {
        return files.stream()
                .filter(file -> file.path().startsWith(folder))
                .map(file -> file.at(file.path().substring(folder.length())))
                .toList();
    }

    byte[] archive() {
        return ArchiveBuilder.gitArchive(commit, name + "-" + commit, files, SECONDS);
    }

    private static String commit(String tree) {
        String who = "histods demo <demo@histods.example> " + SECONDS + " +0000";
        String text = "tree " + tree + "\nauthor " + who + "\ncommitter " + who + "\n\nDraw the stand-in\n";
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(("commit " + content.length + "\0").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha1.digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
