package org.histods.cli.shell;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetRef;
import org.histods.dataset.DatasetVersion;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.pull.ManifestDraft;
import org.histods.source.RecordDescription;
import org.histods.source.all.Sources;

/** Finds the datasets, manifests and records that a user names on the command line. */
public final class TypedDatasets {

    private final AppContext app;

    TypedDatasets(AppContext app) {
        this.app = app;
    }

    /** Whether the user typed the path of a manifest file rather than the name of a dataset. */
    public static boolean isFile(String typed) {
        return typed.endsWith(".yaml") || typed.endsWith(".yml") || typed.contains("/");
    }

    /**
     * The manifest for what the user typed: a dataset's {@code ID}, an alias, {@code ID@VERSION}, its DOI or page, or the path
     * of a file.
     *
     * @throws Problem {@code USAGE} if there is none, or the catalogue has another version of the dataset, and
     *     the mirror does not have that one
     */
    public ManifestFile manifest(String typed) throws Problem {
        if (RecordLookup.isDoiOrUrl(typed, app)) {
            return known(typed)
                    .orElseThrow(
                            () -> new Problem(
                                    Problem.Kind.USAGE,
                                    "no dataset of the catalogue has the DOI or page " + typed,
                                    "`histods pull URL` drafts a manifest and pulls it; `histods manifest new URL` only drafts it"));
        }
        Optional<ManifestFile> given = manifestFile(typed);
        if (given.isPresent()) {
            return given.get();
        }
        DatasetRef ref = dataset(typed);
        ManifestFile file = catalogueOrMirror(ref);
        DatasetVersion version = file.manifest().version();
        if (ref.version() != null && !ref.version().equals(version)) {
            List<BagRef> bags = inMirror(ref);
            if (!bags.isEmpty()) {
                return new MirrorLookup(app).manifest(bags.get(bags.size() - 1));
            }
            throw new Problem(
                    Problem.Kind.USAGE,
                    "the catalogue has version " + version + " of " + ref.id() + ", not " + ref.version(),
                    "for another version, give the path of a manifest file that describes it");
        }
        return file;
    }

    /** The manifest file with the path that the user typed; empty if it is not a path. */
    public Optional<ManifestFile> manifestFile(String typed) throws Problem {
        return isFile(typed) && !RecordLookup.isDoiOrUrl(typed, app)
                ? Optional.of(app.catalogue().file(app.path(Path.of(typed))))
                : Optional.empty();
    }

    /** The manifest in the catalogue; of a dataset that is only in the mirror, the one that it was pulled with. */
    private ManifestFile catalogueOrMirror(DatasetRef ref) throws Problem {
        try {
            return app.catalogue().get(ref.id());
        } catch (Problem p) {
            List<BagRef> bags = inMirror(ref);
            if (p.kind() != Problem.Kind.USAGE || bags.isEmpty()) {
                throw p;
            }
            return new MirrorLookup(app).manifest(bags.get(bags.size() - 1));
        }
    }

    /** The bags of the version, in all its variants. */
    private List<BagRef> inMirror(DatasetRef ref) throws Problem {
        return app.mirror().bags(ref.id()).stream()
                .filter(bag -> ref.version() == null || bag.version().with(null).equals(ref.version()))
                .toList();
    }

    private DatasetId idInCatalogueOrMirror(String name) throws Problem {
        try {
            return app.catalogue().get(name).manifest().id();
        } catch (Problem p) {
            DatasetId id = DatasetId.of(name).orElse(null);
            if (p.kind() != Problem.Kind.USAGE
                    || id == null
                    || app.mirror().bags(id).isEmpty()) {
                throw p;
            }
            return id;
        }
    }

    /** The manifest of the dataset of the catalogue with that DOI or page; empty if there is none. */
    private Optional<ManifestFile> known(String address) throws Problem {
        DatasetId id = new RecordLookup(app.catalogue()).find(address).orElse(null);
        return id == null ? Optional.empty() : Optional.of(app.catalogue().get(id));
    }

    /**
     * As {@link #manifest}; for a DOI or URL that the catalogue does not have, a manifest that is drafted from what its host
     * states, and shown.
     */
    public ManifestFile manifestOrDraft(String typed) throws Problem {
        if (!RecordLookup.isDoiOrUrl(typed, app)) {
            return manifest(typed);
        }
        ManifestFile known = known(typed).orElse(null);
        if (known != null) {
            app.console().say(typed + " is " + known.manifest().id());
            return known;
        }
        RecordDescription description = describe(typed);
        Manifest draft = ManifestDraft.of(description);
        app.console()
                .say("not in the catalogue; a manifest was drafted from "
                        + description.publication().landing());
        app.console().say("  " + draft.id() + ": " + draft.title());
        app.console()
                .say("  licence: " + draft.terms().license().shown() + ", access: "
                        + draft.terms().access().status().word());
        return app.manifests().readFaultless(app.manifests().write(draft), "the draft of " + typed);
    }

    /**
     * The description of the record with that DOI or URL, from its host.
     *
     * @throws Problem {@code USAGE} if no kind of source has such a record
     */
    public RecordDescription describe(String record) throws Problem {
        try {
            return Sources.describe(RecordLookup.url(record), app.transport())
                    .orElseThrow(() -> new Problem(
                            Problem.Kind.USAGE,
                            "no kind of source can list files at '" + record + "'",
                            "give the URL of a record, folder or file of " + Sources.kinds()
                                    + ", or a DOI that resolves to one; see docs/manifests.md"));
        } catch (Problem p) {
            String hint = p.hint();
            if (hint == null || !(hint.contains("--source") || hint.contains("--from"))) {
                throw p;
            }
            // Hints for a pull do not apply: there is no other source and no dataset yet.
            throw new Problem(p.kind(), p.message(), "open " + record + " in a browser", p.attempts(), p);
        }
    }

    /** The catalogue's dataset for what the user typed: an id or an alias, optionally with {@code @VERSION}; its DOI or page. */
    public DatasetRef dataset(String typed) throws Problem {
        if (RecordLookup.isDoiOrUrl(typed, app)) {
            return new DatasetRef(manifest(typed).manifest().id(), null);
        }
        return DatasetRef.parse(typed, this::idInCatalogueOrMirror);
    }
}
