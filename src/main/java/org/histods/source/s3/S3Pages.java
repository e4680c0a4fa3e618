package org.histods.source.s3;

import java.util.List;
import javax.xml.stream.XMLStreamException;
import org.histods.concurrent.BackgroundTask;
import org.histods.concurrent.TaskExecutor;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.listing.ListingPages;
import org.histods.source.listing.SourceProblems;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/** Reads a bucket's listing page by page. */
public final class S3Pages implements AutoCloseable {

    /** A page has at most 1,000 keys of at most 1,024 bytes, each byte encoded in up to three characters. */
    private static final int MAX_BYTES = 16 << 20;

    private final S3Bucket bucket;
    private final String below;
    private final boolean all;
    private final Transport transport;
    private final ListingPages pages;
    private final TaskExecutor tasks = new TaskExecutor("histods-listing");
    private @Nullable BackgroundTask<S3Page> ahead;
    private @Nullable String token;
    private boolean more = true;

    /**
     * @param below only keys that start with this
     * @param all whether the caller wants all pages; the next one is then requested while the caller works on this one
     */
    public S3Pages(S3Bucket bucket, String below, boolean all, Transport transport) {
        this.bucket = bucket;
        this.below = below;
        this.all = all;
        this.transport = transport;
        this.pages = new ListingPages(bucket.subject());
    }

    /** Whether there is another page; there always is a first one. */
    public boolean more() {
        return more;
    }

    /** The objects of the next page; may be none. */
    public List<S3Page.Item> next() throws Problem {
        S3Page page = ahead == null ? read(token) : ahead.get();
        String next = page.next();
        if (next != null) {
            pages.add(page.items().size(), next);
        }
        token = next;
        ahead = next == null || !all ? null : tasks.start(() -> read(next));
        more = next != null;
        return page.items();
    }

    /** Ends the request for a page that is not wanted any more. */
    @Override
    public void close() {
        tasks.close();
    }

    private S3Page read(@Nullable String from) throws Problem {
        Request request = Request.get(bucket.list(below, from));
        byte[] body;
        try {
            body = transport.read(request, MAX_BYTES);
        } catch (Problem problem) {
            throw explained(problem);
        }
        S3Page page = parse(body, request);
        for (S3Page.Item item : page.items()) {
            if (!item.key().startsWith(below)) {
                throw new Problem(
                        Kind.NETWORK,
                        bucket.subject() + ": the listing names " + item.key() + ", which was not requested");
            }
        }
        return page;
    }

    private S3Page parse(byte[] body, Request request) throws Problem {
        try {
            S3Page page = S3Page.parse(body);
            if (page.error() == null) {
                return page;
            }
            throw explained(new Problem(kind(page.error()), "the host says " + page.error()));
        } catch (S3Page.ListingFault e) {
            throw new Problem(Kind.NETWORK, bucket.subject() + " cannot be read: in its listing, " + e.getMessage());
        } catch (XMLStreamException e) {
            throw new Problem(
                    Kind.NETWORK,
                    bucket.subject() + " cannot be read: " + request.uri() + " did not respond with a listing of S3",
                    "open the URL in a browser: it may be a login page of your network",
                    e);
        }
    }

    private static Kind kind(String code) {
        return code.equals("AccessDenied") || code.equals("AllAccessDisabled") ? Kind.PERSON : Kind.NETWORK;
    }

    /** Explains the host's status or error code. */
    private Problem explained(Problem problem) {
        Integer status = SourceProblems.status(problem);
        String name = bucket.subject();
        if (SourceProblems.mentions(problem, "NoSuchBucket") || (status != null && status == 404)) {
            return SourceProblems.withMessage(
                    problem, name + ": there is no bucket " + bucket.bucket(), "it may have been renamed or withdrawn");
        }
        if (SourceProblems.mentions(problem, "requester pays") || SourceProblems.mentions(problem, "Requester Pays")) {
            return SourceProblems.withMessage(
                    problem,
                    name + ": it is a requester-pays bucket, which cannot be read without an account of Amazon",
                    "copy it with Amazon's own tools, then pass the files with --from");
        }
        if (SourceProblems.mentions(problem, "AccessDenied") || (status != null && (status == 403 || status == 401))) {
            return SourceProblems.withMessage(
                    problem,
                    name + ": it cannot be listed without an account. Single files may still be public, or it is a"
                            + " requester-pays bucket",
                    "pin the files in the manifest, or pass them with --from");
        }
        if (SourceProblems.mentions(problem, "PermanentRedirect") || (status != null && status == 301)) {
            return SourceProblems.withMessage(
                    problem, name + ": the bucket is in another region", "put its region into options.region");
        }
        return SourceProblems.about(name, null, problem);
    }
}
