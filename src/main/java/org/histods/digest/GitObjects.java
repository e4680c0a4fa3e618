package org.histods.digest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Computes git's ids of files and folders, as {@code git hash-object} and {@code git write-tree} do. GitHub publishes them
 * for every commit, and they stay the same when its generated archives change.
 */
public final class GitObjects {

    private GitObjects() {}

    static byte[] header(String type, long length) {
        return (type + " " + length + "\0").getBytes(StandardCharsets.UTF_8);
    }

    /** The id of a file of these bytes. */
    public static Checksum blob(byte[] content) {
        MessageDigest digest = Hasher.digest("SHA-1");
        digest.update(header("blob", content.length));
        digest.update(content);
        return new Checksum(Algorithm.GIT_BLOB, HexFormat.of().formatHex(digest.digest()));
    }

    /** Collects the files of a folder and computes its tree id. Git has no empty folders. */
    public static final class Tree {
        private final Map<String, Object> entries = new TreeMap<>();

        private record Leaf(boolean executable, byte[] id) {}

        /**
         * Adds a file.
         *
         * @param path relative, with {@code /}
         * @param executable whether git has it as mode 100755
         * @param blob its git blob id
         * @throws IllegalArgumentException if the path was added before or goes through a file
         */
        public Tree add(String path, boolean executable, Checksum blob) {
            if (blob.algorithm() != Algorithm.GIT_BLOB) {
                throw new IllegalArgumentException("a git tree consists of git blobs, not of " + blob);
            }
            int slash = path.indexOf('/');
            if (slash < 0) {
                if (entries.put(path, new Leaf(executable, HexFormat.of().parseHex(blob.hex()))) != null) {
                    throw new IllegalArgumentException("twice in one tree: " + path);
                }
                return this;
            }
            Object below = entries.computeIfAbsent(path.substring(0, slash), k -> new Tree());
            if (!(below instanceof Tree folder)) {
                throw new IllegalArgumentException("a file and a folder of one name: " + path);
            }
            folder.add(path.substring(slash + 1), executable, blob);
            return this;
        }

        /** The tree id of everything added. */
        public Checksum id() {
            return new Checksum(Algorithm.GIT_TREE, HexFormat.of().formatHex(raw()));
        }

        private byte[] raw() {
            // Git sorts by the bytes of the name, a folder's name as if it ended with a slash.
            Map<byte[], byte[]> lines = new TreeMap<>(Arrays::compareUnsigned);
            entries.forEach((name, entry) -> {
                boolean folder = entry instanceof Tree;
                byte[] key = (folder ? name + "/" : name).getBytes(StandardCharsets.UTF_8);
                lines.put(key, line(name, entry));
            });
            int length = lines.values().stream().mapToInt(line -> line.length).sum();
            MessageDigest digest = Hasher.digest("SHA-1");
            digest.update(header("tree", length));
            lines.values().forEach(digest::update);
            return digest.digest();
        }

        private static byte[] line(String name, Object entry) {
            String mode;
            byte[] id;
            if (entry instanceof Tree folder) {
                mode = "40000";
                id = folder.raw();
            } else {
                Leaf leaf = (Leaf) entry;
                mode = leaf.executable ? "100755" : "100644";
                id = leaf.id;
            }
            byte[] head = (mode + " " + name + "\0").getBytes(StandardCharsets.UTF_8);
            byte[] line = Arrays.copyOf(head, head.length + id.length);
            System.arraycopy(id, 0, line, head.length, id.length);
            return line;
        }
    }
}
