package org.histods.catalogue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.histods.dataset.DatasetId;
import org.histods.yaml.YamlError;
import org.histods.yaml.YamlFields;
import org.histods.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/** Reads the YAML of a {@link DatasetGroup}; {@code docs/manifests.md} explains its fields. */
final class GroupFormat {

    private static final List<String> FIELDS = List.of("id", "title", "url", "evidence", "datasets");

    private GroupFormat() {}

    /** Says why a dataset cannot be in a group. */
    interface DatasetCheck {
        /** The error; null if the dataset may be in the group. */
        @Nullable
        String error(DatasetId dataset);
    }

    /**
     * Reads a group.
     *
     * @param name the file's name without its ending, which must be the id
     * @param file its name for messages
     * @param errors gets everything that is wrong
     * @return null if it cannot be used
     */
    static @Nullable DatasetGroup read(
            String text, String name, String file, DatasetCheck check, List<YamlError> errors) {
        int before = errors.size();
        YamlNode root = YamlNode.read(text, file, errors);
        if (errors.size() > before) {
            return null;
        }
        YamlFields fields = new YamlFields(root, file, errors, FIELDS);
        DatasetId id = fields.id();
        if (id != null && !id.text().equals(name)) {
            fields.error(fields.at("id"), "'" + id + "' should be '" + name + "', the name of the file");
        }
        String title = fields.required("title");
        String url = fields.text("url");
        if (url != null && !url.matches("https?://\\S+")) {
            fields.error(fields.at("url"), "'" + url + "' is not a URL");
        }
        Set<DatasetId> datasets = new LinkedHashSet<>();
        for (YamlNode item : fields.list("datasets")) {
            DatasetId dataset = fields.id(item);
            if (dataset == null) {
                continue;
            }
            String error = datasets.add(dataset) ? check.error(dataset) : "'" + dataset + "' is listed twice";
            if (error != null) {
                fields.error(item, error);
            }
        }
        if (datasets.isEmpty() && errors.size() == before) {
            fields.error(fields.at("datasets"), "a group needs a list of dataset ids under 'datasets'");
        }
        String evidence = fields.text("evidence");
        return errors.size() > before ? null : new DatasetGroup(name, title, url, evidence, new ArrayList<>(datasets));
    }
}
