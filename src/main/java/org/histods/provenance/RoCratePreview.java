package org.histods.provenance;

import static org.histods.html.Html.element;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.histods.html.Html;
import org.histods.html.HtmlPage;
import org.histods.text.Bytes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a web page about an RO-Crate (RO-Crate Website in RO-Crate 1.2): the metadata of the dataset and the origin of its
 * files, without JavaScript or other files.
 */
public final class RoCratePreview {

    /** What the page says about the dataset: the property of the crate, and its name for people. */
    private static final List<Map.Entry<String, String>> FACTS = List.of(
            Map.entry("version", "Version"),
            Map.entry("license", "Licence"),
            Map.entry("creator", "Creators"),
            Map.entry("publisher", "Publisher"),
            Map.entry("citation", "To cite"),
            Map.entry("isBasedOn", "Based on"),
            Map.entry("sameAs", "Variants and copies"),
            Map.entry("contentSize", "Size"),
            Map.entry("datePublished", "Pulled"),
            Map.entry("identifier", "Fingerprint"));

    private final Map<String, JsonNode> entities = new LinkedHashMap<>();

    private RoCratePreview(JsonNode document) {
        for (JsonNode entity : document.path("@graph")) {
            entities.put(entity.path("@id").asString(""), entity);
        }
    }

    /** The page of a crate with that document. */
    public static String of(Map<String, Object> document) {
        return new RoCratePreview(JsonMapper.shared().valueToTree(document)).page();
    }

    private String page() {
        JsonNode root = entity("./");
        String name = root.path("name").asString("");
        Html content = Html.sequence(
                element("h1").text(name),
                element("p").text(root.path("description").asString("")),
                facts(root),
                element("h2").text("Files"),
                parts(root));
        List<JsonNode> actions = new ArrayList<>();
        root.path("mentions").forEach(action -> actions.add(entity(action)));
        if (!actions.isEmpty()) {
            content.add(element("h2").text("Where they came from"), actions(actions));
        }
        return HtmlPage.of(
                "crate.html",
                List.of("base.css", "catalogue.css", "site.css"),
                List.of(),
                Map.of("title", Html.of(name), "content", content));
    }

    private Html facts(JsonNode root) {
        Html list = element("dl", "facts");
        for (Map.Entry<String, String> fact : FACTS) {
            List<Html> values = new ArrayList<>();
            each(root.path(fact.getKey()), value -> values.add(value(fact.getKey(), value)));
            if (!values.isEmpty()) {
                list.add(element("dt").text(fact.getValue()), element("dd").add(values, "; "));
            }
        }
        return list;
    }

    private Html value(String property, JsonNode value) {
        if (!value.isObject()) {
            String text = value.asString("");
            return property.equals("contentSize") ? Html.of(size(text.replace(" B", ""))) : Html.of(text);
        }
        JsonNode entity = entity(value);
        Html link = link(value.path("@id").asString(""), entity.path("name").asString(""));
        String description = entity.path("description").asString("");
        return property.equals("license") && !description.isEmpty()
                ? Html.sequence(link, element("span", "quiet").text(" " + description))
                : link;
    }

    private Html parts(JsonNode root) {
        List<List<Html>> rows = new ArrayList<>();
        each(root.path("hasPart"), reference -> {
            JsonNode part = entity(reference);
            Html name = Html.sequence(
                    link(reference.path("@id").asString(""), part.path("name").asString("")));
            String description = part.path("description").asString("");
            if (!description.isEmpty()) {
                name.add(element("br"), element("span", "quiet").text(description));
            }
            rows.add(List.of(name, Html.of(size(part.path("contentSize").asString(""))), sum(part)));
        });
        return table(List.of("File or folder", "Size", "SHA-256"), rows);
    }

    private Html actions(List<JsonNode> actions) {
        List<List<Html>> rows = new ArrayList<>();
        for (JsonNode action : actions) {
            JsonNode from = entity(action.path("object").path(0));
            String url = from.path("contentUrl").asString(from.path("@id").asString(""));
            rows.add(List.of(
                    Html.of(action.path("name").asString("")),
                    Html.of(action.path("description").asString("")),
                    link(url, url.startsWith("#") ? "" : url),
                    Html.of(action.path("endTime").asString(""))));
        }
        return table(List.of("Step", "What was checked or made", "From", "When"), rows);
    }

    /** A table whose cells have their own labels where it is too wide for the screen. */
    private static Html table(List<String> titles, List<List<Html>> rows) {
        Html head = element("tr");
        titles.forEach(title -> head.add(element("th").attribute("scope", "col").text(title)));
        Html body = element("tbody");
        for (List<Html> row : rows) {
            Html line = element("tr");
            for (int i = 0; i < row.size(); i++) {
                line.add(element("td")
                        .attribute("data-label", i == 0 ? null : titles.get(i))
                        .add(row.get(i)));
            }
            body.add(line);
        }
        return element("div", "scroll")
                .add(element("table", "stacking").add(element("thead").add(head), body));
    }

    private static Html sum(JsonNode part) {
        String checksum = part.path("sha256").asString("");
        return checksum.isEmpty() ? Html.sequence() : element("code").text(checksum);
    }

    private static String size(String bytes) {
        return bytes.matches("[0-9]{1,18}") ? Bytes.text(Long.parseLong(bytes)) : bytes;
    }

    /** A link if the id is a web URL or a relative path, else the name. */
    private static Html link(String id, String name) {
        boolean web = id.startsWith("https://") || id.startsWith("http://");
        boolean here = !id.isEmpty() && !id.startsWith("#") && !id.contains(":") && !id.startsWith("/");
        Html text = Html.of(name.isEmpty() ? (id.startsWith("#") ? "" : id) : name);
        return web || here ? element("a").attribute("href", id).add(text) : text;
    }

    private JsonNode entity(JsonNode reference) {
        return entity(reference.path("@id").asString(""));
    }

    private JsonNode entity(String id) {
        JsonNode entity = entities.get(id);
        return entity == null ? JsonMapper.shared().createObjectNode() : entity;
    }

    /** A property of a crate has one value, or a list of them. */
    private static void each(JsonNode property, Consumer<JsonNode> action) {
        if (property.isArray()) {
            property.forEach(action);
        } else if (!property.isMissingNode()) {
            action.accept(property);
        }
    }
}
