package org.histods.cli.catalogue;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.histods.cli.shell.AppContext;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.manifest.Access;
import org.histods.manifest.Manifest;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.provenance.FetchResult;
import org.histods.pull.PullListener;
import org.histods.pull.PullPlan;
import org.histods.pull.PullRequest;
import org.histods.pull.Puller;
import org.histods.serve.PullQueue;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.transport.HttpTransport;

/** Pulls open datasets that clients of {@code histods serve} request, and reports the pulls on the console. */
final class ClientPulls implements PullQueue.MirrorPuller {

    /** The word for all open datasets, in place of their ids. */
    private static final String ALL = "all";

    private final AppContext app;
    private final Puller puller;
    private final HttpTransport transport;
    private final Mirror mirror;
    private final Map<DatasetId, Manifest> catalogue;
    private final Set<DatasetId> allowed;
    private final long keepFree;

    /**
     * The pulls of a server.
     *
     * @param allowed ids of datasets, or {@code all}
     * @param keepFree how many bytes of the disk must stay free
     * @throws Problem {@code USAGE} if a dataset is not in the catalogue or not open; {@code DISK} if the mirror cannot be written
     */
    ClientPulls(AppContext app, List<Manifest> catalogue, List<String> allowed, long keepFree) throws Problem {
        this.app = app;
        this.mirror = app.mirror();
        this.transport = app.transport();
        this.puller = app.servingPuller();
        this.keepFree = keepFree;
        this.catalogue = new HashMap<>();
        catalogue.forEach(manifest -> this.catalogue.put(manifest.id(), manifest));
        this.allowed = catalogue.stream()
                .filter(ClientPulls::open)
                .map(Manifest::id)
                .filter(id -> allowed.contains(ALL) || allowed.contains(id.text()))
                .collect(Collectors.toUnmodifiableSet());
        for (String id : allowed) {
            if (!id.equals(ALL)) {
                refuseUnknown(id);
            }
        }
        for (DatasetId id : this.allowed) {
            mirror.requireWritable(id);
        }
    }

    private static boolean open(Manifest manifest) {
        return manifest.terms().access().status() == Access.Status.OPEN;
    }

    private void refuseUnknown(String id) throws Problem {
        DatasetId known = DatasetId.of(id).orElse(null);
        Manifest manifest = known == null ? null : catalogue.get(known);
        if (manifest == null) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "--pull-through: the catalogue has no dataset '" + id + "'",
                    "give ids of open datasets, separated by commas, or `all`; `histods list` shows them");
        }
        if (!open(manifest)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "--pull-through: " + id + " is not open to everybody, so clients cannot have it pulled",
                    "`histods pull " + id + "` pulls it into this mirror");
        }
    }

    @Override
    public Optional<String> refusal(DatasetId id, DatasetVersion version) {
        Manifest manifest = catalogue.get(id);
        if (manifest == null) {
            return Optional.of("its catalogue does not have it");
        }
        if (!open(manifest)) {
            return Optional.of("it is not open to everybody");
        }
        if (!allowed.contains(id)) {
            return Optional.of("its owner does not allow that for this dataset");
        }
        return manifest.version().equals(version)
                ? Optional.empty()
                : Optional.of("its catalogue has version " + manifest.version());
    }

    @Override
    public void pull(DatasetId id, PullQueue.Progress progress) throws Problem {
        try {
            app.console().say("pulling " + id + " for a client");
            Puller.Result result = puller.pull(PullRequest.of(app.catalogue().get(id)), new Listener(progress));
            app.console()
                    .say(id + " " + result.bag().ref().version() + ": "
                            + Count.of(result.bag().fileCount(), "file") + ", "
                            + Bytes.text(result.bag().bytes()) + ", served from now on");
            Map<String, Object> event = new LinkedHashMap<>();
            event.put("event", "pulled");
            event.put("dataset", id);
            event.put("version", result.bag().ref().version());
            event.put("transferred", result.transferred());
            event.put("fingerprint", result.bag().fingerprint().hex());
            app.console().object(event);
        } catch (Problem p) {
            app.console().problem(id.text(), p);
            throw p;
        } catch (RuntimeException e) {
            app.console().warn("internal error while pulling " + id + ": " + e);
            throw e;
        }
    }

    @Override
    public void stop() {
        transport.close();
    }

    private final class Listener implements PullListener {
        private final PullQueue.Progress progress;

        Listener(PullQueue.Progress progress) {
            this.progress = progress;
        }

        @Override
        public void planned(PullPlan plan) throws Problem {
            long left = mirror.files().free() - plan.atLeast();
            if (left < keepFree) {
                throw new Problem(
                        Problem.Kind.DISK,
                        plan.dataset() + " is not pulled for clients: it would leave "
                                + (left < 0 ? "nothing" : Bytes.text(left)) + " free at " + mirror.root() + ", and "
                                + Bytes.text(keepFree) + " have to stay free (--keep-free)",
                        "free some space (`histods gc`, `histods remove ID`)");
            }
            progress.planned(plan.size().exactly().orElse(null));
        }

        @Override
        public void bytes(long count, boolean overNetwork) {
            progress.add(count);
        }

        @Override
        public void fetched(FetchResult fetch) {}

        @Override
        public void note(String text) {
            app.console().say("  " + text);
        }
    }
}
