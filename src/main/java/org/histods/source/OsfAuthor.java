package org.histods.source;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.License;
import org.histods.manifest.PinnedFile;
import org.histods.problem.Problem;
import org.histods.source.OsfSource.Place;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import tools.jackson.databind.JsonNode;

/** Describes projects and registrations of OSF. */
final class OsfAuthor implements Author {

    private static final int MOST = 200;
    private static final Pattern PAGE = Pattern.compile("/([a-z0-9]{5})(?:/.*)?");
    private static final Pattern API = Pattern.compile("/v2/(nodes|registrations)/([a-z0-9]{5})(?:/.*)?");

    @Override
    public Optional<Described> describe(URI address, Transport transport) throws Problem {
        String host = address.getHost() == null ? "" : address.getHost();
        String path = address.getPath() == null ? "" : address.getPath();
        Matcher api = API.matcher(path);
        Matcher page = PAGE.matcher(path);
        Place place;
        if (host.equals(OsfFiles.API) && api.matches()) {
            place = new Place(String.valueOf(api.group(1)), String.valueOf(api.group(2)), "osfstorage");
        } else if ((host.equals("osf.io") || host.equals("www.osf.io")) && page.matches()) {
            place = new Place("nodes", String.valueOf(page.group(1)), "osfstorage");
        } else {
            return Optional.empty();
        }
        JsonNode about = Json.read(transport, Request.get(place.api()), place.subject(), place.page());
        return Optional.of(described(place, about.path("data").path("attributes"), transport));
    }

    private static Described described(Place place, JsonNode about, Transport transport) throws Problem {
        List<PinnedFile> files = new ArrayList<>();
        for (OsfFiles.Entry entry : new OsfFiles(place, transport).all()) {
            String at = entry.id().isEmpty()
                    ? entry.uris().get(entry.uris().size() - 1).toString()
                    : entry.id();
            files.add(Described.file(entry.path(), at, entry.bytes(), entry.sums()));
        }
        String title = Json.text(about, "title");
        String text = Json.text(about, "description");
        String date = Json.first(about, "date_registered", "date_created");
        return new Described(
                Described.spec("osf", place.text(), Map.of(), files.size() > MOST ? List.of() : files),
                title == null ? place.subject() : title,
                text == null ? null : Html.text(text),
                List.of(),
                date != null && date.matches("[0-9]{4}.*") ? Integer.valueOf(date.substring(0, 4)) : null,
                License.UNKNOWN,
                null,
                Described.UNVERSIONED,
                place.page(),
                "OSF");
    }
}
