package org.histods.source.github;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.GitObjects;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.jspecify.annotations.Nullable;

/**
 * The three lines that a repository contains instead of a file in Git LFS (git-lfs {@code docs/spec.md}).
 *
 * @param sha256 of the content
 * @param size of the content
 * @param blob git blob id of the pointer itself, which GitHub lists for the file
 */
record LfsPointer(Checksum sha256, long size, Checksum blob) {

    /** The specification's limit for a pointer. */
    static final int MAX_BYTES = 1024;

    static final String MAGIC = "version https://git-lfs.github.com/spec/v1";

    private static final Pattern OID = Pattern.compile("(?m)^oid sha256:([0-9a-f]{64})$");
    private static final Pattern SIZE = Pattern.compile("(?m)^size ([0-9]{1,18})$");

    /** The pointer in these bytes; null if they are not one. */
    static @Nullable LfsPointer parse(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        Matcher oid = OID.matcher(text);
        Matcher size = SIZE.matcher(text);
        if (body.length > MAX_BYTES || !text.startsWith(MAGIC) || !oid.find() || !size.find()) {
            return null;
        }
        return new LfsPointer(
                new Checksum(Algorithm.SHA256, oid.group(1)), Long.parseLong(size.group(1)), GitObjects.blob(body));
    }

    /**
     * Compares the pointer with the published checksum and size of the content.
     *
     * @throws Problem {@code UPSTREAM_CHANGED} if they differ
     */
    void checkMatches(RemoteFile file) throws Problem {
        Stated stated = file.stated(Algorithm.SHA256).orElse(null);
        if (stated != null && !stated.checksum().equals(sha256)) {
            throw changed(file, "Git LFS has " + sha256, stated.checksum().toString());
        }
        if (file.bytes() != null && file.bytes() != size) {
            throw changed(file, "Git LFS has " + size + " bytes", file.bytes() + " bytes");
        }
    }

    static Problem changed(RemoteFile file, String got, String expected) {
        return new Problem(
                Kind.UPSTREAM_CHANGED,
                file.path() + " differs from the pinned file: expected " + expected + ", " + got,
                "look at " + file.uri());
    }
}
