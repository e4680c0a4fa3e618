package org.histods.serve;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.http.content.HttpContent;
import org.eclipse.jetty.http.content.ResourceHttpContent;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.ResourceService;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.MirrorListing;
import org.histods.provenance.MirrorPull;
import org.jspecify.annotations.Nullable;

/** Handles requests: finds the file or the page of a URL. */
final class RequestHandler extends Handler.Abstract {

    private static final int BUFFER = 256 * 1024;

    /** After how many seconds a client requests the progress of a pull again. */
    private static final long PAUSE_SECONDS = 2;

    /** Keeps a browser from running anything in a dataset's file that it opens. */
    private static final String SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    private final ServedMirror mirror;
    private final BagPages pages;
    private final SitePageSource site;
    private final Audits audits;
    private final Supplier<ServedPage> metrics;
    private final boolean shared;
    private final @Nullable PullQueue pulls;
    private final ResourceService files = new ResourceService();

    /**
     * @param shared whether caches between the server and its clients may keep files
     * @param pulls what pulls what clients ask for; null if they may not
     */
    RequestHandler(
            ServedMirror mirror,
            BagPages pages,
            SitePageSource site,
            Audits audits,
            Supplier<ServedPage> metrics,
            boolean shared,
            @Nullable PullQueue pulls) {
        super(InvocationType.BLOCKING);
        this.mirror = mirror;
        this.pages = pages;
        this.site = site;
        this.audits = audits;
        this.metrics = metrics;
        this.shared = shared;
        this.pulls = pulls;
        files.setEtags(true);
        files.setAcceptRanges(true);
        files.setDirAllowed(false);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        try {
            if (pulls != null && HttpMethod.POST.is(request.getMethod())) {
                pull(pulls, request, response, callback);
                return true;
            }
            if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
                refuse(405, "this server can only be read", request, response, callback);
                return true;
            }
            respond(request, response, callback);
        } catch (Problem p) {
            Response.writeError(request, response, callback, 503, p.message());
        }
        return true;
    }

    private void respond(Request request, Response response, Callback callback) throws Problem {
        List<String> path = segments(request.getHttpURI().getPath()).orElse(List.of("", ""));
        switch (path.get(0)) {
            case "health" -> {
                mirror.check();
                send(new ServedPage("text/plain;charset=utf-8", "ok\n"), request, response, callback);
            }
            case "metrics" -> send(metrics.get(), request, response, callback);
            case "mirror.json" -> send(listing(), request, response, callback);
            case "sha256" -> content(path, request, response, callback);
            case "bags" -> bag(path, request, response, callback);
            case "audits" -> audit(path, request, response, callback);
            default -> send(site.page(String.join("/", path), mirror::bags).orElse(null), request, response, callback);
        }
    }

    /**
     * Requests the pull of a dataset, and responds with its progress. Pages of other sites cannot do that in a browser, which
     * asks the server before it sends JSON for them, and names their site in the request.
     */
    private void pull(PullQueue queue, Request request, Response response, Callback callback) throws Problem {
        List<String> path = segments(request.getHttpURI().getPath()).orElse(List.of());
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (request.getHeaders().contains(HttpHeader.ORIGIN)
                || type == null
                || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            refuse(403, "only programs can ask for a pull, with JSON", request, response, callback);
            return;
        }
        boolean bag =
                path.size() == 4 && path.get(0).equals("bags") && path.get(3).isEmpty();
        DatasetId id = bag ? DatasetId.of(path.get(1)).orElse(null) : null;
        DatasetVersion version = bag ? DatasetVersion.of(path.get(2)).orElse(null) : null;
        if (id == null || version == null) {
            refuse(404, "there is no dataset at this address", request, response, callback);
            return;
        }
        boolean there = mirror.bag(id.text(), version.text())
                .filter(found -> found.selection().isEmpty())
                .isPresent();
        MirrorPull state = there ? new MirrorPull(MirrorPull.State.READY, 0, null, null) : queue.ask(id, version);
        if (state.unfinished()) {
            response.setStatus(202);
            response.getHeaders().put(HttpHeader.RETRY_AFTER, PAUSE_SECONDS);
        }
        send(new ServedPage("application/json", state.text()), request, response, callback);
    }

    /** Closes the connection as well, since the body of the request is not read. */
    private void refuse(int status, String message, Request request, Response response, Callback callback) {
        if (status == 405) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
        }
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        Response.writeError(request, response, callback, status, message);
    }

    /** The segments of a path, decoded, the last one empty if it ends with a slash; empty if one is not text. */
    private static Optional<List<String>> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.substring(1).split("/", -1)) {
            try {
                String decoded = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
                if (decoded.contains("/")) {
                    return Optional.empty();
                }
                segments.add(decoded);
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return Optional.of(segments);
    }

    /** What the mirror has, for programs: {@code docs/serve.md} explains the fields. */
    private ServedPage listing() {
        return new ServedPage(
                "application/json",
                new MirrorListing(
                                mirror.bags().stream()
                                        .map(bag -> MirrorListing.Entry.of(bag, BagPages.path(bag)))
                                        .toList(),
                                pulls != null)
                        .text());
    }

    private void content(List<String> path, Request request, Response response, Callback callback) throws Problem {
        Checksum wanted = null;
        try {
            wanted = path.size() == 2 ? new Checksum(Algorithm.SHA256, path.get(1)) : null;
        } catch (IllegalArgumentException e) {
            missing(request, response, callback);
            return;
        }
        file(wanted == null ? Optional.empty() : mirror.content(wanted), request, response, callback);
    }

    private void bag(List<String> path, Request request, Response response, Callback callback) throws Problem {
        Bag bag = path.size() < 3 ? null : mirror.bag(path.get(1), path.get(2)).orElse(null);
        if (bag == null) {
            missing(request, response, callback);
            return;
        }
        String inBag = String.join("/", path.subList(3, path.size()));
        String folder = inBag.endsWith("/") ? inBag.substring(0, inBag.length() - 1) : inBag;
        if (path.size() == 3 || (FilePath.fault(inBag) == null && pages.isFolder(bag, inBag))) {
            Response.sendRedirect(
                    request, response, callback, request.getHttpURI().getPath() + "/");
        } else if (!inBag.isEmpty() && FilePath.fault(folder) != null) {
            missing(request, response, callback);
        } else if (inBag.isEmpty() || inBag.endsWith("/")) {
            send(pages.folder(bag, folder).orElse(null), request, response, callback);
        } else {
            file(mirror.file(bag, new FilePath(inBag)), request, response, callback);
        }
    }

    private void audit(List<String> path, Request request, Response response, Callback callback) {
        if (!audits.there() || path.size() != 2) {
            missing(request, response, callback);
        } else if (path.get(1).isEmpty()) {
            send(pages.audits(audits.names()), request, response, callback);
        } else {
            Path report = audits.report(path.get(1)).orElse(null);
            if (report == null) {
                missing(request, response, callback);
            } else {
                response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
                files.doGet(request, response, callback, resource(report, "text/html;charset=utf-8"));
            }
        }
    }

    private void file(Optional<ServedFile> found, Request request, Response response, Callback callback) {
        ServedFile file = found.orElse(null);
        if (file == null) {
            missing(request, response, callback);
            return;
        }
        String who = shared ? "public" : "private";
        response.getHeaders()
                .put(
                        HttpHeader.CACHE_CONTROL,
                        file.immutable() ? who + ", max-age=31536000, immutable" : who + ", no-cache");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put("Content-Security-Policy", SANDBOX);
        Tagged content = new Tagged(resource(file.file(), type(file.file())), file);
        files.doGet(ranged(request, content.getETagValue()), response, callback, content);
    }

    /** The request without its range if {@code If-Range} names other bytes, so that a client never joins two versions. */
    private static Request ranged(Request request, String tag) {
        String condition = request.getHeaders().get(HttpHeader.IF_RANGE);
        if (condition == null || condition.equals(tag)) {
            return request;
        }
        HttpFields whole = HttpFields.build(request.getHeaders()).remove(HttpHeader.RANGE);
        return new Request.Wrapper(request) {
            @Override
            public HttpFields getHeaders() {
                return whole;
            }
        };
    }

    private static String type(Path file) {
        String type = MimeTypes.DEFAULTS.getMimeByExtension(String.valueOf(file.getFileName()));
        return type == null ? "application/octet-stream" : type;
    }

    private HttpContent resource(Path file, String type) {
        return new ResourceHttpContent(
                ResourceFactory.root().newResource(file),
                type,
                new ByteBufferPool.Sized(getServer().getByteBufferPool(), true, BUFFER));
    }

    /** A file with an entity tag of ours, which it must have until it is sent. */
    private static final class Tagged extends HttpContent.Wrapper {
        private final ServedFile file;
        private final String tag;

        Tagged(HttpContent content, ServedFile file) {
            super(content);
            this.file = file;
            this.tag = '"' + file.tag() + '"';
        }

        /** Breaks off before the last bytes if the file was changed meanwhile, so that no client takes a mixture for the file. */
        @Override
        public void writeTo(Content.Sink sink, long offset, long length, Callback callback) {
            AtomicLong left = new AtomicLong(length < 0 ? getContentLengthValue() - offset : length);
            super.writeTo(
                    (last, bytes, written) -> {
                        int count = bytes == null ? 0 : bytes.remaining();
                        if ((last || left.addAndGet(-count) <= 0) && file.written()) {
                            written.failed(new IOException(file.file() + " was changed while it was sent"));
                        } else {
                            sink.write(last, bytes, written);
                        }
                    },
                    offset,
                    length,
                    callback);
        }

        @Override
        public HttpField getETag() {
            return new HttpField(HttpHeader.ETAG, tag);
        }

        @Override
        public String getETagValue() {
            return tag;
        }
    }

    private static void missing(Request request, Response response, Callback callback) {
        Response.writeError(request, response, callback, 404, "there is nothing at this address");
    }

    private static void send(@Nullable ServedPage page, Request request, Response response, Callback callback) {
        if (page == null) {
            missing(request, response, callback);
            return;
        }
        byte[] bytes = page.bytes();
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, page.type());
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        response.write(true, ByteBuffer.wrap(bytes), callback);
    }
}
