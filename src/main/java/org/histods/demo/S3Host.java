package org.histods.demo;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.histods.digest.Algorithm;
import org.jspecify.annotations.Nullable;

/** Simulates a public bucket of S3 at its own host name: ListObjectsV2 and objects. */
final class S3Host implements DemoHost {

    /** How many keys a page of a listing has. Amazon's have 1,000; these are so small that paging is shown. */
    static final int PAGE = 2;

    private static final String XML = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    private static final String SPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    private final String bucket;
    private final List<GeneratedFile> objects;

    /** @param objects by key */
    S3Host(String bucket, List<GeneratedFile> objects) {
        this.bucket = bucket;
        this.objects = objects.stream()
                .sorted(Comparator.comparing(GeneratedFile::path))
                .toList();
    }

    /** The host name of a bucket. */
    static String name(String bucket, String region) {
        return bucket + ".s3." + region + ".amazonaws.com";
    }

    @Override
    public DemoResponse respond(String path, Map<String, String> query) {
        if (path.equals("/")) {
            return query.getOrDefault("list-type", "").equals("2")
                    ? listing(query)
                    : error(403, "AccessDenied", "Access Denied");
        }
        for (GeneratedFile object : objects) {
            if (path.equals("/" + object.path())) {
                return DemoResponse.file("binary/octet-stream", object.bytes(), md5(object));
            }
        }
        return error(404, "NoSuchKey", "The specified key does not exist.");
    }

    private static String md5(GeneratedFile object) {
        return object.checksum(Algorithm.MD5).hex();
    }

    private DemoResponse listing(Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        String after = after(query.get("continuation-token"));
        boolean encoded = query.getOrDefault("encoding-type", "").equals("url");
        List<GeneratedFile> left = objects.stream()
                .filter(object -> object.path().startsWith(prefix))
                .filter(object -> object.path().compareTo(after) > 0)
                .toList();
        List<GeneratedFile> page = left.subList(0, Math.min(PAGE, left.size()));
        StringBuilder out = new StringBuilder(XML + "<ListBucketResult xmlns=\"" + SPACE + "\">");
        out.append("<Name>").append(bucket).append("</Name><Prefix>").append(key(prefix, encoded));
        out.append("</Prefix><KeyCount>")
                .append(page.size())
                .append("</KeyCount><MaxKeys>")
                .append(PAGE);
        out.append("</MaxKeys>").append(encoded ? "<EncodingType>url</EncodingType>" : "");
        out.append("<IsTruncated>").append(left.size() > page.size()).append("</IsTruncated>");
        if (left.size() > page.size()) {
            byte[] last = page.get(page.size() - 1).path().getBytes(StandardCharsets.UTF_8);
            String token = Base64.getEncoder().encodeToString(last);
            out.append("<NextContinuationToken>").append(token).append("</NextContinuationToken>");
        }
        for (GeneratedFile object : page) {
            out.append("<Contents><Key>").append(key(object.path(), encoded));
            out.append("</Key><LastModified>2025-01-01T00:00:00.000Z</LastModified><ETag>&quot;");
            out.append(md5(object)).append("&quot;</ETag><Size>").append(object.bytes().length);
            out.append("</Size><StorageClass>STANDARD</StorageClass></Contents>");
        }
        return DemoResponse.text(
                200, "application/xml", out.append("</ListBucketResult>").toString());
    }

    private static String after(@Nullable String token) {
        return token == null ? "" : new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
    }

    /** Amazon leaves slashes as they are. */
    private static String key(String key, boolean encoded) {
        return encoded ? URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/") : key;
    }

    private static DemoResponse error(int status, String code, String message) {
        String text = XML + "<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>";
        return DemoResponse.text(status, "application/xml", text);
    }
}
