package org.histods.yaml;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.histods.problem.Problem;
import org.histods.text.Bytes;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads and parses YAML. Manifests, projects, settings and all other YAML are read here, so that all have the same limit
 * and the same parser.
 */
public final class YamlText {

    /** The largest file that is read, in bytes. The largest manifest has 33 kB; some texts of 5 MB keep the parser busy for minutes. */
    public static final int LIMIT = 1_000_000;

    /** The parsers, which take a while to load and are not needed to read a text. */
    private static final class Parsers {
        static final YAMLMapper LENIENT = YAMLMapper.shared();
        static final YAMLMapper STRICT = YAMLMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }

    private YamlText() {}

    /**
     * The text of a file.
     *
     * @throws Problem {@code USAGE} if it cannot be read, is not a regular file, is too large, or is not UTF-8
     */
    public static String read(Path file) throws Problem {
        return read(file, LIMIT);
    }

    /** As {@link #read(Path)}, with another limit in bytes. */
    public static String read(Path file, int limit) throws Problem {
        return text(bytes(file, limit), file);
    }

    /** As {@link #read(Path)}, without checking the encoding. */
    public static byte[] bytes(Path file) throws Problem {
        return bytes(file, LIMIT);
    }

    private static byte[] bytes(Path file, int limit) throws Problem {
        try {
            if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                throw new Problem(Problem.Kind.USAGE, "cannot read " + file + ": it is not a regular file");
            }
            byte[] bytes;
            boolean onDisk = file.getFileSystem().equals(FileSystems.getDefault());
            // A channel, as of newInputStream, takes longer to open.
            try (InputStream in = onDisk ? new FileInputStream(file.toFile()) : Files.newInputStream(file)) {
                bytes = in.readNBytes(limit + 1);
            }
            if (bytes.length > limit) {
                throw new Problem(Problem.Kind.USAGE, "cannot read " + file + ": " + tooLarge(limit));
            }
            return bytes;
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, "cannot read " + file + ": " + Problem.why(e));
        }
    }

    /**
     * The text of bytes that were read from a file.
     *
     * @throws Problem {@code USAGE} if they are not UTF-8
     */
    public static String text(byte[] bytes, Path file) throws Problem {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Problem(Problem.Kind.USAGE, "cannot read " + file + ": it is not UTF-8 text");
        }
    }

    private static String tooLarge(int limit) {
        return "it is larger than " + Bytes.text(limit) + ", the limit for a YAML file";
    }

    /** The error of a text that is too large to be parsed; empty for any other. */
    public static Optional<YamlError> oversize(String text, String file) {
        return oversize(text, file, LIMIT);
    }

    static Optional<YamlError> oversize(String text, String file, int limit) {
        return text.length() > limit ? Optional.of(new YamlError(file, 0, "", tooLarge(limit))) : Optional.empty();
    }

    /**
     * The tokens of a text.
     *
     * @param strict whether a field that is set twice is an exception
     */
    public static YAMLParser parser(String text, boolean strict) {
        return (YAMLParser) (strict ? Parsers.STRICT : Parsers.LENIENT).createParser(new StringReader(text));
    }

    /** The text as a tree with typed values; if a field is set twice, the later value. */
    public static JsonNode tree(String text) {
        return Parsers.LENIENT.readTree(new StringReader(text));
    }
}
