package org.histods.project;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.histods.dataset.DatasetId;
import org.histods.digest.FilePath;
import org.histods.digest.Glob;
import org.histods.problem.Problem;
import org.histods.project.Declaration.Accepted;
import org.histods.project.Declaration.Declared;
import org.histods.yaml.YamlError;
import org.histods.yaml.YamlFields;
import org.histods.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/** Reads {@code histods.yaml}; {@code docs/projects.md} explains its fields. */
final class DeclarationFormat {

    /** The format that this program reads; the default of the field. */
    public static final int FORMAT = 1;

    static final String HINT = "docs/projects.md explains every field";

    private static final List<String> TOP = List.of("format", "purpose", "datasets", "accepted");
    private static final List<String> DATASET = List.of("id", "name", "version", "variant", "only", "role", "path");
    private static final List<String> ACCEPTED = List.of("rule", "datasets", "reason");

    private final String file;
    private final List<YamlError> errors;

    private DeclarationFormat(String file, List<YamlError> errors) {
        this.file = file;
        this.errors = errors;
    }

    /**
     * Reads a declaration.
     *
     * @param file its name for messages
     * @throws Problem {@code USAGE} if it has mistakes or a newer format; the message lists every mistake with line and
     *     field
     */
    public static Declaration read(String text, String file) throws Problem {
        List<YamlError> errors = new ArrayList<>();
        YamlNode root = YamlNode.read(text, file, errors);
        YamlNode.refuse(file, errors, HINT);
        refuseNewer(root, file, FORMAT);
        Declaration declaration = new DeclarationFormat(file, errors).declaration(root);
        YamlNode.refuse(file, errors, HINT);
        return declaration;
    }

    /** The entries of the datasets, as they are written; none if the text has mistakes there. */
    static List<YamlNode> entries(String text, String file) {
        return new YamlFields(YamlNode.read(text, file, new ArrayList<>()), file, new ArrayList<>(), List.of())
                .list("datasets");
    }

    /** The line of each dataset's entry, by its name in the project. */
    static Map<String, Integer> lines(String text, String file) {
        Map<String, Integer> lines = new HashMap<>();
        for (YamlNode item : entries(text, file)) {
            Map<String, YamlNode> fields = item.fields() == null ? Map.of() : item.fields();
            YamlNode name = fields.getOrDefault("name", fields.get("id"));
            if (name != null && name.text() != null) {
                lines.putIfAbsent(name.text(), item.line());
            }
        }
        return lines;
    }

    /** Refuses a file of a newer format, before its new fields are reported as mistakes. */
    static void refuseNewer(YamlNode root, String file, int format) throws Problem {
        YamlNode stated = root.fields() == null ? null : root.fields().get("format");
        String text = stated == null ? null : stated.text();
        if (text != null && text.matches("[0-9]{1,9}") && Integer.parseInt(text) > format) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    file + " is of format " + text + "; this histods knows format " + format,
                    "use a newer histods");
        }
    }

    private Declaration declaration(YamlNode root) {
        YamlFields fields = new YamlFields(root, file, errors, TOP);
        if (fields.has("format") && fields.number("format") != FORMAT) {
            fields.error(fields.at("format"), "the format should be " + FORMAT);
        }
        List<Declared> datasets = new ArrayList<>();
        Map<String, Integer> names = new HashMap<>();
        Map<String, Integer> paths = new HashMap<>();
        for (YamlNode item : fields.list("datasets")) {
            Declared declared = dataset(item, names, paths);
            if (declared != null) {
                datasets.add(declared);
            }
        }
        nested(fields, paths);
        List<Accepted> accepted = new ArrayList<>();
        for (YamlNode item : fields.list("accepted")) {
            YamlFields one = new YamlFields(item, file, errors, ACCEPTED);
            if (item.fields() == null) {
                continue;
            }
            accepted.add(new Accepted(one.required("rule"), one.words("datasets"), one.required("reason")));
        }
        return new Declaration(fields.text("purpose"), datasets, accepted);
    }

    private @Nullable Declared dataset(YamlNode item, Map<String, Integer> names, Map<String, Integer> paths) {
        YamlFields fields = new YamlFields(item, file, errors, DATASET);
        if (item.fields() == null) {
            return null;
        }
        DatasetId id = fields.id();
        if (id == null) {
            return null;
        }
        String name = fields.text("name");
        if (name != null && !Declaration.NAME.matcher(name).matches()) {
            fields.error(
                    fields.at("name"),
                    "'" + name + "' is not a name: use lower-case letters, digits and single dashes");
        }
        String called = name == null ? id.text() : name;
        Integer before = names.putIfAbsent(called, item.line());
        if (before != null) {
            fields.error(
                    fields.at(name == null ? "id" : "name"),
                    "'" + called + "' is already used on line " + before + ": rename one of the two");
        }
        List<String> only = fields.words("only");
        globs(fields, only);
        return new Declared(
                called,
                id,
                fields.version(),
                fields.variant(),
                only,
                fields.words("role"),
                path(fields, called, before == null, paths));
    }

    private static void globs(YamlFields fields, List<String> only) {
        for (String word : only) {
            try {
                Glob.of(word);
            } catch (IllegalArgumentException e) {
                fields.error(fields.at("only"), String.valueOf(e.getMessage()));
            }
        }
    }

    private static String path(YamlFields fields, String name, boolean first, Map<String, Integer> paths) {
        String given = fields.text("path");
        String path = given == null ? Declared.defaultPath(name) : given.replaceFirst("(?<=[^/])/$", "");
        String fault = pathFault(path);
        if (fault != null) {
            fields.error(fields.at("path"), "'" + path + "' is not a path in the project's folder: " + fault);
        }
        Integer before = paths.putIfAbsent(path, fields.at("path").line());
        if (before != null && first) {
            fields.error(fields.at("path"), "the dataset on line " + before + " has the path '" + path + "' too");
        }
        return path;
    }

    /** Why a dataset may not be placed there, null if it may: git and shells run what is in some hidden files. */
    static @Nullable String pathFault(String path) {
        String fault = FilePath.fault(path);
        return fault == null && (path.startsWith(".") || path.contains("/.")) ? "it is hidden" : fault;
    }

    /** Refuses a path inside another dataset's: its files would be written into the mirror, through the link. */
    private static void nested(YamlFields fields, Map<String, Integer> paths) {
        for (String outer : paths.keySet()) {
            for (Map.Entry<String, Integer> inner : paths.entrySet()) {
                if (inner.getKey().startsWith(outer + "/")) {
                    YamlNode list = fields.at("datasets");
                    fields.error(
                            new YamlNode(list.field(), inner.getValue(), null, null, null),
                            "'" + inner.getKey() + "' is inside '" + outer + "', the path of another dataset");
                }
            }
        }
    }
}
