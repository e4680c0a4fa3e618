package org.histods.source;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.digest.FilePath;
import org.histods.manifest.License;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.transport.Answer;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/** Describes a single file on a web server: its name and, where the server says it, its size. Nobody states more. */
final class HttpAuthor implements Author {

    @Override
    public Optional<Described> describe(URI address, Transport transport) throws Problem {
        boolean web = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
        String path = address.getRawPath() == null ? "" : address.getRawPath();
        String name = Percent.decode(path.substring(path.lastIndexOf('/') + 1));
        if (!web || name == null || FilePath.fault(name) != null) {
            return Optional.empty();
        }
        Seen seen = seen(address, transport);
        if (seen.page()) {
            return Optional.empty();
        }
        String text = address.toString();
        boolean plain = address.getRawQuery() == null && address.getRawFragment() == null;
        String base = text.substring(0, text.indexOf(path) + path.lastIndexOf('/') + 1);
        boolean derivable = plain && text.equals(base + Percent.segment(name));
        return Optional.of(new Described(
                Described.spec(
                        "http",
                        base,
                        Map.of(),
                        List.of(Described.file(name, derivable ? null : text, seen.bytes(), List.of()))),
                name,
                null,
                List.of(),
                null,
                License.UNKNOWN,
                null,
                Described.UNVERSIONED,
                text,
                address.getHost()));
    }

    /** What a server says of an address without sending its bytes. */
    private record Seen(boolean page, @Nullable Long bytes) {}

    private static Seen seen(URI address, Transport transport) throws Problem {
        try {
            return seen(Request.head(address), transport);
        } catch (Problem refused) {
            // Some servers know no HEAD. One byte tells the size as well, and where it fails, fails for good.
            return seen(Request.get(address).range(0, 0), transport);
        }
    }

    private static Seen seen(Request request, Transport transport) throws Problem {
        try (Answer answer = transport.open(request)) {
            String type = answer.header("content-type").orElse("");
            return new Seen(type.startsWith("text/html"), bytes(request, answer));
        } catch (IOException e) {
            throw new Problem(Kind.NETWORK, request.uri() + " broke off", null, List.of(), e);
        }
    }

    private static @Nullable Long bytes(Request request, Answer answer) {
        if (answer.total() >= 0) {
            return answer.total();
        }
        String length = answer.header("content-length").orElse("");
        boolean whole = request.method().equals("HEAD") || answer.status() == 200;
        return whole && length.matches("[0-9]{1,18}") ? Long.valueOf(length) : null;
    }
}
