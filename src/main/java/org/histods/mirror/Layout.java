package org.histods.mirror;

import java.nio.file.Path;
import java.util.UUID;

/** The names of what lies in a mirror's folder, and nothing of whether it does. */
record Layout(Path root) {

    Path datasets() {
        return root.resolve("datasets");
    }

    /** All versions of one dataset. */
    Path dataset(String id) {
        return datasets().resolve(id);
    }

    Path stamps(String id, String version) {
        return root.resolve("stamps").resolve(id).resolve(version + ".tsv");
    }

    Path indexes() {
        return root.resolve("index");
    }

    Path index(String id, String version) {
        return indexes().resolve(id).resolve(version + ".idx");
    }

    Path archives() {
        return root.resolve("archives").resolve("sha256");
    }

    Path partials() {
        return root.resolve("partial");
    }

    Path staging() {
        return root.resolve("staging");
    }

    /** A name that nobody else has, for what is not yet a bag or no longer one. */
    Path newInStaging() {
        return staging().resolve(UUID.randomUUID().toString());
    }

    Path journal() {
        return root.resolve("journal.jsonl");
    }

    Path projects() {
        return root.resolve("projects.txt");
    }

    Path locks() {
        return root.resolve("locks");
    }
}
