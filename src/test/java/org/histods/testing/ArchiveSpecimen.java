package org.histods.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.histods.unpack.ArchiveSource;

/** A file to pack, and what tests need to unpack it again. */
public record ArchiveSpecimen(String path, byte[] content, boolean executable) {

    public static ArchiveSpecimen of(String path, String content) {
        return new ArchiveSpecimen(path, content.getBytes(StandardCharsets.UTF_8), false);
    }

    /**
     * Reads lines such as {@code images/a.png = some text}; {@code x } in front sets the executable bit, and
     * {@code <number>} as content stands for so many random bytes.
     */
    public static List<ArchiveSpecimen> described(String text) {
        List<ArchiveSpecimen> files = new ArrayList<>();
        for (String line : text.lines().toList()) {
            int equals = line.indexOf(" = ");
            boolean executable = line.startsWith("x ");
            String path = line.substring(executable ? 2 : 0, equals);
            String content = line.substring(equals + 3);
            files.add(new ArchiveSpecimen(path, content(content, path), executable));
        }
        return files;
    }

    private static byte[] content(String text, String seed) {
        if (!text.startsWith("<")) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        byte[] random = new byte[Integer.parseInt(text.substring(1, text.length() - 1))];
        new Random(seed.hashCode()).nextBytes(random);
        return random;
    }

    public static ArchiveSource source(String name, byte[] bytes) {
        return source(name, bytes, false);
    }

    /** An archive whose checksum was compared with a published one. */
    public static ArchiveSource checkedSource(String name, byte[] bytes) {
        return source(name, bytes, true);
    }

    private static ArchiveSource source(String name, byte[] bytes, boolean checked) {
        return new ArchiveSource() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public SeekableByteChannel open() {
                return new SeekableInMemoryByteChannel(bytes);
            }

            @Override
            public boolean checked() {
                return checked;
            }
        };
    }

    /** The files below a folder: path to content, each byte as a character. */
    public static Map<String, String> onDisk(Path root) {
        Map<String, String> files = new TreeMap<>();
        if (!Files.exists(root)) {
            return files;
        }
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put(
                        root.relativize(path).toString(),
                        new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    public static Map<String, String> expected(List<ArchiveSpecimen> files) {
        Map<String, String> expected = new TreeMap<>();
        files.forEach(f -> expected.put(f.path(), new String(f.content(), StandardCharsets.ISO_8859_1)));
        return expected;
    }
}
