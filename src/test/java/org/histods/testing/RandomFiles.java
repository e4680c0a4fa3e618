package org.histods.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import java.util.zip.CRC32C;

/**
 * Random names, sizes and bytes from one seed, for simulated hosts, so that tests do not depend on recorded responses.
 */
public final class RandomFiles {

    private final Random random;

    public RandomFiles(long seed) {
        random = new Random(seed);
    }

    /** A file of a dataset with every checksum that a host may state. */
    record RandomFile(String name, byte[] bytes) {

        String hex(String algorithm) {
            return HexFormat.of().formatHex(digest(algorithm, bytes));
        }

        String base64(String algorithm) {
            return Base64.getEncoder().encodeToString(digest(algorithm, bytes));
        }

        String crc32c() {
            CRC32C checksum = new CRC32C();
            checksum.update(bytes);
            int value = (int) checksum.getValue();
            return Base64.getEncoder()
                    .encodeToString(
                            java.nio.ByteBuffer.allocate(4).putInt(value).array());
        }

        /** Git's id of a file. */
        String blob() {
            return HexFormat.of().formatHex(gitId("blob", bytes));
        }

        /** The name as a segment of a URL. */
        String encoded() {
            StringBuilder out = new StringBuilder();
            for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
                char c = (char) (b & 0xff);
                boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
                out.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
            }
            return out.toString();
        }

        RandomFile in(String folder) {
            return new RandomFile(folder + "/" + name, bytes);
        }
    }

    static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] gitId(String type, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes((type + " " + content.length + "\0").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(content);
        return digest("SHA-1", out.toByteArray());
    }

    /** A slide; its name has characters that URLs and YAML must escape. */
    RandomFile slide() {
        return new RandomFile("slide " + word() + " #" + number(90) + "+é.svs", bytes(200 + number(3000)));
    }

    /** A file with a plain name. */
    RandomFile plain() {
        return new RandomFile(word() + ".csv", bytes(1 + number(500)));
    }

    public byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        // No known beginning of a web page or an archive.
        bytes[0] = 0x11;
        return bytes;
    }

    int number(int below) {
        return 1 + random.nextInt(below);
    }

    /** Eight letters. */
    String word() {
        StringBuilder out = new StringBuilder();
        random.ints(8, 'a', 'z' + 1).forEach(c -> out.append((char) c));
        return out.toString();
    }

    String hex(int digits) {
        StringBuilder out = new StringBuilder();
        random.ints(digits, 0, 16).forEach(d -> out.append(Character.forDigit(d, 16)));
        return out.toString();
    }

    String uuid() {
        return String.join("-", hex(8), hex(4), "4" + hex(3), "a" + hex(3), hex(12))
                .toLowerCase(Locale.ROOT);
    }

    /** A title with characters that YAML must escape. */
    String title() {
        return "*" + word() + "*: slides of \\\"" + word() + "\\\" # & 12 - yes";
    }
}
