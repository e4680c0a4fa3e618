package org.histods.objectstore;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.histods.problem.Problem;
import org.histods.source.listing.SourceProblems;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/** Client of an S3 bucket. Keys are complete keys in the bucket. Safe for use by several threads. */
public final class ObjectStore {

    private static final int MAX_XML_BYTES = 64 << 20;
    private static final String NOT_IMPLEMENTED = "NotImplemented";

    private final StoreLocation location;
    private final StoreEndpoint endpoint;
    private final Transport transport;
    private final @Nullable SigV4Signer signer;

    /** Whether the server supports conditional writes; false after it responded that it does not. */
    private volatile boolean conditional = true;

    /** The store of a location; sends no request yet. */
    public ObjectStore(StoreLocation location, StoreEndpoint endpoint, Transport transport, Clock clock) {
        this.location = location;
        this.endpoint = endpoint;
        this.transport = transport;
        AccessKey key = endpoint.key();
        this.signer = key == null ? null : new SigV4Signer(key, endpoint.region(), clock);
    }

    public StoreLocation location() {
        return location;
    }

    /**
     * An object of a listing.
     *
     * @param written when it was written; null if the server does not say
     */
    record Listed(String key, long bytes, @Nullable Instant written) {}

    /** A part of a listing; {@code more} says whether there are keys after the last one. */
    record Page(List<Listed> objects, boolean more) {}

    /** The content of an object and the tag of this version of it. */
    record Content(byte[] bytes, String tag) {}

    /** An uploaded part. */
    record Part(int number, long bytes, String tag) {}

    /** When an object is written. */
    record Condition(@Nullable String header, String value) {
        static final Condition ALWAYS = new Condition(null, "");
        /** Only if there is no object of that key. */
        static final Condition ABSENT = new Condition("If-None-Match", "*");

        /** Only if the object still is this version. */
        static Condition unchanged(String tag) {
            return new Condition("If-Match", tag);
        }

        Request on(Request request) {
            return header == null ? request : request.with(header, value);
        }
    }

    URI url(String key) {
        return endpoint.object(location.bucket(), key);
    }

    /** A signed request, over plain http if the user's endpoint is. */
    Request signed(Request request) {
        Request visible = request.allowUnencrypted();
        return signer == null ? visible : visible.signedBy(signer);
    }

    /** The content of an object; empty if there is none. */
    Optional<Content> read(String key, int maxBytes) throws Problem {
        String doing = "read " + location.url(key);
        Response found = send(doing, Request.get(url(key)), Set.of(404));
        if (found == null) {
            return Optional.empty();
        }
        try (Response response = found) {
            byte[] bytes = response.body().readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new Problem(
                        Problem.Kind.NETWORK, "cannot " + doing + ": it has more than " + maxBytes + " bytes");
            }
            return Optional.of(new Content(bytes, response.header("etag").orElse("")));
        } catch (IOException e) {
            throw brokenOff(doing, e);
        }
    }

    /** Up to 1,000 objects whose keys begin with {@code below} and come after {@code after}, in the order of their keys. */
    Page list(String below, String after) throws Problem {
        String query = "list-type=2&encoding-type=url&max-keys=1000&prefix=" + UrlEncoding.segment(below)
                + (after.isEmpty() ? "" : "&start-after=" + UrlEncoding.segment(after));
        XmlElement root = readXml("list " + location, Request.get(query("", query)), "ListBucketResult");
        try {
            boolean encoded = root.text("EncodingType").equals("url");
            List<Listed> objects = new ArrayList<>();
            for (XmlElement object : root.all("Contents")) {
                String key = object.text("Key");
                objects.add(new Listed(
                        encoded ? decoded(key) : key, object.number("Size"), time(object.text("LastModified"))));
            }
            return new Page(objects, root.text("IsTruncated").equals("true"));
        } catch (IllegalArgumentException e) {
            throw strange("list " + location, e);
        }
    }

    /** Visits all objects whose keys begin with {@code below}, in the order of their keys. */
    void each(String below, Consumer<Listed> visitor) throws Problem {
        Page page;
        String after = "";
        do {
            page = list(below, after);
            page.objects().forEach(visitor);
            after = page.objects().isEmpty()
                    ? after
                    : page.objects().get(page.objects().size() - 1).key();
        } while (page.more() && !page.objects().isEmpty());
    }

    private static @Nullable Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static String decoded(String key) {
        return URLDecoder.decode(key, StandardCharsets.UTF_8);
    }

    /** Writes an object; false if the condition did not hold. */
    boolean write(String key, byte[] body, Condition condition) throws Problem {
        return underCondition(condition, allowed -> {
            String doing = "write " + location.url(key);
            Response response = send(doing, allowed.on(Request.of("PUT", url(key), body)), Set.of(412));
            close(response);
            return response != null;
        });
    }

    private interface Write {
        boolean under(Condition condition) throws Problem;
    }

    /** Writes an object under a condition; without the condition if the server does not support conditions. */
    private boolean underCondition(Condition condition, Write write) throws Problem {
        if (!conditional || condition.header() == null) {
            return write.under(Condition.ALWAYS);
        }
        try {
            return write.under(condition);
        } catch (Problem p) {
            Integer status = SourceProblems.status(p);
            boolean unknown = (status != null && status == 501) || SourceProblems.mentions(p, NOT_IMPLEMENTED);
            boolean conflict = status != null && status == 409;
            if (!unknown && !conflict) {
                throw p;
            }
            conditional = !unknown;
            // After a conflict with another writer, the condition decides.
            return write.under(unknown ? Condition.ALWAYS : condition);
        }
    }

    /** Begins a multipart upload and returns its id. */
    String beginUpload(String key) throws Problem {
        String doing = "begin an upload to " + location;
        String id = readXml(doing, Request.of("POST", query(key, "uploads="), null), "InitiateMultipartUploadResult")
                .text("UploadId");
        if (id.isEmpty()) {
            throw strange(doing, new IllegalArgumentException("it has no UploadId"));
        }
        return id;
    }

    /** The ids of the unfinished uploads of a key; none where the account may not list them. */
    List<String> uploads(String key) throws Problem {
        try {
            XmlElement root = readXml(
                    "list the unfinished uploads in " + location,
                    Request.get(query("", "uploads=&prefix=" + UrlEncoding.segment(key))),
                    "ListMultipartUploadsResult");
            return root.all("Upload").stream()
                    .filter(upload -> upload.text("Key").equals(key))
                    .map(upload -> upload.text("UploadId"))
                    .toList();
        } catch (Problem p) {
            if (p.kind() == Problem.Kind.PERSON || SourceProblems.mentions(p, NOT_IMPLEMENTED)) {
                return List.of();
            }
            throw p;
        }
    }

    /** The parts of an unfinished upload by their numbers; empty if the upload no longer exists. */
    Map<Integer, Part> parts(String key, String upload) throws Problem {
        Map<Integer, Part> parts = new TreeMap<>();
        String doing = "list the parts of an upload in " + location;
        long marker = 0;
        boolean more = true;
        while (more) {
            XmlElement root;
            try {
                root = readXml(
                        doing,
                        Request.get(query(
                                key, "part-number-marker=" + marker + "&uploadId=" + UrlEncoding.segment(upload))),
                        "ListPartsResult");
            } catch (Problem p) {
                if (isGone(p)) {
                    return new TreeMap<>();
                }
                throw p;
            }
            try {
                for (XmlElement part : root.all("Part")) {
                    int number = Math.toIntExact(part.number("PartNumber"));
                    parts.put(number, new Part(number, part.number("Size"), part.text("ETag")));
                }
                more = root.text("IsTruncated").equals("true");
                long next = more ? root.number("NextPartNumberMarker") : 0;
                if (more && next <= marker) {
                    throw new IllegalArgumentException("its NextPartNumberMarker does not advance");
                }
                marker = next;
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw strange(doing, e);
            }
        }
        return parts;
    }

    /** Uploads a part; empty if the upload no longer exists. */
    Optional<Part> writePart(String key, String upload, int number, byte[] body) throws Problem {
        String doing = "upload part " + number + " of " + location.url(key);
        URI url = query(key, "partNumber=" + number + "&uploadId=" + UrlEncoding.segment(upload));
        Response response = send(doing, Request.of("PUT", url, body), Set.of(404));
        if (response == null) {
            return Optional.empty();
        }
        String tag = response.header("etag").orElse("");
        close(response);
        if (tag.isEmpty()) {
            throw strange(doing, new IllegalArgumentException("it has no ETag"));
        }
        return Optional.of(new Part(number, body.length, tag));
    }

    /**
     * Makes an object of uploaded parts; false if the object already exists, or if another process ended the upload. If the
     * response cannot be read, the list of objects shows whether the object was made.
     */
    boolean finishUpload(String key, String upload, List<Part> parts, Condition condition) throws Problem {
        StringBuilder body = new StringBuilder("<CompleteMultipartUpload>");
        for (Part part : parts) {
            body.append("<Part><PartNumber>")
                    .append(part.number())
                    .append("</PartNumber><ETag>")
                    .append(part.tag().replace("&", "&amp;").replace("<", "&lt;"))
                    .append("</ETag></Part>");
        }
        byte[] list = body.append("</CompleteMultipartUpload>").toString().getBytes(StandardCharsets.UTF_8);
        try {
            return finish(key, upload, list, condition);
        } catch (Problem p) {
            if (p.kind() != Problem.Kind.NETWORK) {
                throw p;
            }
            if (isThere(key, parts.stream().mapToLong(Part::bytes).sum(), p)) {
                return true;
            }
            throw p;
        }
    }

    private boolean finish(String key, String upload, byte[] list, Condition condition) throws Problem {
        URI url = query(key, "uploadId=" + UrlEncoding.segment(upload));
        return underCondition(condition, allowed -> {
            Request request = Request.of("POST", url, list).with("Content-Type", "application/xml");
            try {
                readXml(
                        "finish the upload of " + location.url(key),
                        allowed.on(request),
                        "CompleteMultipartUploadResult");
                return true;
            } catch (Problem p) {
                Integer status = SourceProblems.status(p);
                if (isGone(p)
                        || (status != null && status == 412)
                        || SourceProblems.mentions(p, "PreconditionFailed")) {
                    return false;
                }
                throw p;
            }
        });
    }

    /** Whether an upload that may have failed was finished. */
    private boolean isThere(String key, long bytes, Problem failure) throws Problem {
        try {
            return has(key, bytes);
        } catch (Problem p) {
            if (p.kind() == Problem.Kind.INTERRUPTED) {
                throw p;
            }
            Problem unknown = SourceProblems.withMessage(
                    failure,
                    failure.message() + "; it is not known whether the object was made: " + p.message(),
                    failure.hint());
            unknown.addSuppressed(p);
            throw unknown;
        }
    }

    /** Whether the store lists an object of that key and size. */
    boolean has(String key, long bytes) throws Problem {
        return list(key, "").objects().stream().anyMatch(object -> object.key().equals(key) && object.bytes() == bytes);
    }

    /** Deletes an object, if there still is one. */
    void delete(String key) throws Problem {
        String doing = "delete " + location.url(key);
        close(send(doing, Request.of("DELETE", url(key), null), Set.of(404)));
    }

    /** Deletes an unfinished upload, if there still is one. */
    void abortUpload(String key, String upload) throws Problem {
        URI url = query(key, "uploadId=" + UrlEncoding.segment(upload));
        close(send("abort an upload to " + location, Request.of("DELETE", url, null), Set.of(404)));
    }

    private static boolean isGone(Problem p) {
        Integer status = SourceProblems.status(p);
        return (status != null && status == 404) || SourceProblems.mentions(p, "NoSuchUpload");
    }

    private URI query(String key, String query) {
        return URI.create(url(key) + "?" + query);
    }

    private static void close(@Nullable Response response) {
        try {
            if (response != null) {
                response.close();
            }
        } catch (IOException ignored) {
            // The status and the headers are there.
        }
    }

    /** Sends a request; null if the server responds with one of the statuses in {@code none}. */
    private @Nullable Response send(String doing, Request request, Set<Integer> none) throws Problem {
        Response response;
        try {
            response = transport.open(signed(request));
        } catch (Problem p) {
            Integer status = SourceProblems.status(p);
            if (status != null && none.contains(status) && !SourceProblems.mentions(p, "NoSuchBucket")) {
                return null;
            }
            throw explained(doing, p);
        }
        if (response.status() / 100 == 3) {
            int status = response.status();
            close(response);
            throw otherRegion(doing, new Problem(Problem.Kind.NETWORK, "it redirects (HTTP " + status + ")"));
        }
        return response;
    }

    private XmlElement readXml(String doing, Request request, String name) throws Problem {
        byte[] body;
        try {
            body = transport.read(signed(request), MAX_XML_BYTES);
        } catch (Problem p) {
            throw explained(doing, p);
        }
        XmlElement root;
        try {
            root = XmlElement.parse(body);
        } catch (IllegalArgumentException e) {
            throw strange(doing, e);
        }
        // S3 can fail after it has sent status 200.
        if (root.name().equals("Error")) {
            throw explained(doing, new Problem(Problem.Kind.NETWORK, root.text("Code") + ": " + root.text("Message")));
        }
        if (!root.name().equals(name)) {
            throw strange(doing, new IllegalArgumentException("<" + root.name() + ">, expected <" + name + ">"));
        }
        return root;
    }

    private Problem strange(String doing, Exception e) {
        return new Problem(
                Problem.Kind.NETWORK,
                "cannot " + doing + ": " + url("").getAuthority() + " did not respond as S3 does: " + e.getMessage(),
                "check the endpoint of the bucket (docs/object-store.md)",
                e);
    }

    private static Problem brokenOff(String doing, IOException e) {
        return new Problem(
                Problem.Kind.NETWORK, "cannot " + doing + ": " + e.getMessage(), "run the same command again", e);
    }

    private static Problem otherRegion(String doing, Problem p) {
        return SourceProblems.withMessage(
                p,
                "cannot " + doing + ": " + reason(p),
                "the bucket may be in another region: set AWS_REGION, or the bucket's region in the settings file");
    }

    private static String reason(Problem p) {
        if (p.attempts().isEmpty()) {
            return p.message();
        }
        Problem.Attempt last = p.attempts().get(p.attempts().size() - 1);
        String count = p.attempts().size() < 2 ? "" : " (after " + p.attempts().size() + " attempts)";
        return last.source() + " " + last.cause() + count;
    }

    /** The problem in words for the user, with a hint that fits what the server responded. */
    private Problem explained(String doing, Problem p) {
        if (p.kind() == Problem.Kind.INTERRUPTED || p.kind() == Problem.Kind.USAGE) {
            return p;
        }
        String message = "cannot " + doing + ": " + reason(p);
        AccessKey key = endpoint.key();
        if (SourceProblems.mentions(p, "NoSuchBucket")) {
            return SourceProblems.withMessage(
                    p,
                    "cannot " + doing + ": there is no bucket " + location.bucket() + " at " + url("").getAuthority(),
                    "create it with the tools of the store, or correct the name or the endpoint");
        }
        if (SourceProblems.mentions(p, "RequestTimeTooSkewed")) {
            return SourceProblems.withMessage(p, message, "the clock of this machine is wrong: set it");
        }
        if (SourceProblems.mentions(p, "AuthorizationHeaderMalformed")
                || SourceProblems.mentions(p, "PermanentRedirect")) {
            return otherRegion(doing, p);
        }
        if (p.kind() == Problem.Kind.PERSON && key == null) {
            return SourceProblems.withMessage(
                    p,
                    message + "; no credentials were found",
                    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE (docs/object-store.md)");
        }
        if (p.kind() == Problem.Kind.PERSON && key != null) {
            boolean wrong = SourceProblems.mentions(p, "SignatureDoesNotMatch")
                    || SourceProblems.mentions(p, "InvalidAccessKeyId")
                    || SourceProblems.mentions(p, "ExpiredToken");
            return SourceProblems.withMessage(
                    p,
                    message + "; the access key " + key + " was used",
                    wrong
                            ? "correct the access key, or get a new one from the owner of the store"
                            : "ask the owner of the bucket to allow this account to read, list and write there");
        }
        if (p.attempts().isEmpty() && p.hint() != null) {
            // No request was sent.
            return SourceProblems.withMessage(p, message, p.hint());
        }
        Integer status = SourceProblems.status(p);
        return SourceProblems.withMessage(
                p,
                message,
                status != null && status < 500
                        ? "check the endpoint and the name of the bucket (docs/object-store.md)"
                        : "run the same command again later: what was uploaded is kept");
    }
}
