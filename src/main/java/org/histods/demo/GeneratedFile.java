package org.histods.demo;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.Hasher;

/**
 * A generated file, in memory.
 *
 * @param path relative, with {@code /}
 * @param executable whether git has it as mode 100755
 */
record GeneratedFile(String path, byte[] bytes, boolean executable) {

    static GeneratedFile of(String path, byte[] bytes) {
        return new GeneratedFile(path, bytes, false);
    }

    static GeneratedFile text(String path, String text) {
        return of(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The picture as PNG. */
    static GeneratedFile png(String path, BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(image.getWidth() * image.getHeight() * 2);
        // In memory: by default, ImageIO uses a temporary file.
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new IllegalStateException("this Java cannot write PNG");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return of(path, bytes.toByteArray());
    }

    /** The same bytes at another path. */
    GeneratedFile at(String other) {
        return new GeneratedFile(other, bytes, executable);
    }

    GeneratedFile asExecutable() {
        return new GeneratedFile(path, bytes, true);
    }

    Checksum checksum(Algorithm algorithm) {
        Hasher hasher = Hasher.of(Set.of(algorithm), bytes.length);
        hasher.update(bytes, 0, bytes.length);
        return Objects.requireNonNull(hasher.finish().get(algorithm));
    }
}
