package org.histods.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Archives and checksums, made without the code under test. */
public final class ArchiveFixtures {

    private ArchiveFixtures() {}

    public static String hex(String algorithm, byte[] bytes) {
        String name = Map.of("md5", "MD5", "sha1", "SHA-1", "sha256", "SHA-256", "git-blob", "SHA-1")
                .getOrDefault(algorithm, algorithm);
        try {
            MessageDigest digest = MessageDigest.getInstance(name);
            if (algorithm.equals("git-blob")) {
                digest.update(("blob " + bytes.length + "\0").getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException(algorithm, e);
        }
    }

    /** Bytes that do not compress, the same for the same seed. */
    public static byte[] noise(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Name and content of members in order; {@code k, v, k, v}. */
    public static Map<String, byte[]> members(Object... pairs) {
        Map<String, byte[]> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            Object value = pairs[i + 1];
            map.put(
                    String.valueOf(pairs[i]),
                    value instanceof byte[] bytes ? bytes : PullFixture.text(String.valueOf(value)));
        }
        return map;
    }

    /** A zip whose members are stored as they are. */
    public static byte[] zip(Map<String, byte[]> members) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                ZipEntry entry = new ZipEntry(member.getKey());
                CRC32 crc = new CRC32();
                crc.update(member.getValue());
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(member.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(member.getValue());
                zip.closeEntry();
            }
        }
        return out.toByteArray();
    }

    /** A compressed zip whose sizes follow the data, as services write it into a response. */
    public static byte[] streamedZip(Map<String, byte[]> members) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                zip.putNextEntry(new ZipEntry(member.getKey()));
                zip.write(member.getValue());
            }
        }
        return out.toByteArray();
    }

    /** A ustar archive, packed with gzip; a name that ends with {@code *} becomes executable, without the star. */
    public static byte[] tarGz(Map<String, byte[]> members) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            TarBuilder tar = new TarBuilder();
            members.forEach((name, content) -> {
                if (name.endsWith("*")) {
                    tar.executable(name.substring(0, name.length() - 1), content);
                } else {
                    tar.file(name, content);
                }
            });
            gzip.write(tar.end());
        }
        return out.toByteArray();
    }
}
