package org.histods.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.histods.problem.Problem;

/**
 * Small datasets that are drawn in memory, so that histods can be tried without a network. They only look like stained
 * tissue. They are the same on every machine, except for how its Java compresses PNG; their manifests pin what was drawn on
 * this machine. Immutable.
 */
public final class DemoDatasets {

    static final String ZENODO = "the demo's own Zenodo stand-in";
    private static final int BREAKS_AFTER = 300_000;

    private final List<DemoDataset> all;
    private final Map<String, DemoHost> hosts;
    private final List<InjectedFault> faults;
    private final GeneratedFile localFile;

    private DemoDatasets(
            List<DemoDataset> all, Map<String, DemoHost> hosts, List<InjectedFault> faults, GeneratedFile localFile) {
        this.all = List.copyOf(all);
        this.hosts = Map.copyOf(hosts);
        this.faults = List.copyOf(faults);
        this.localFile = localFile;
    }

    /** Hosts without datasets. */
    DemoDatasets(Map<String, DemoHost> hosts, List<InjectedFault> faults) {
        this(List.of(), hosts, faults, GeneratedFile.text("nothing", ""));
    }

    /** Draws them all; takes a second or two. */
    public static DemoDatasets draw() {
        CompletableFuture<LymphNodeDataset> slides = CompletableFuture.supplyAsync(LymphNodeDataset::new);
        ColonDataset colon = new ColonDataset();
        MarrowDataset marrow = new MarrowDataset();
        LymphNodeDataset node = slides.join();
        NucleiDataset nuclei = new NucleiDataset(colon);
        FormDataset form = new FormDataset(colon);
        ChallengeDatasets challenge = new ChallengeDatasets();

        String bucket = S3Host.name(LymphNodeDataset.BUCKET, LymphNodeDataset.REGION);
        Map<String, DemoHost> hosts = new HashMap<>(new GithubHosts(marrow.repo()).byName());
        List<ZenodoHost.Deposit> deposits = new ArrayList<>(colon.deposits());
        deposits.add(nuclei.deposit());
        hosts.put(ZenodoHost.NAME, new ZenodoHost(deposits));
        hosts.put(bucket, new S3Host(LymphNodeDataset.BUCKET, node.objects()));
        hosts.put(NucleiDataset.SECOND_HOST, new PlainHost(nuclei.atSecondHost()));
        hosts.put(FormDataset.HOST, new PlainHost(List.of(form.page())));
        hosts.putAll(challenge.hosts().byName());

        List<InjectedFault> faults = List.of(
                new InjectedFault(InjectedFault.Kind.BREAKS, bucket, LymphNodeDataset.FAULTY_FILE, BREAKS_AFTER),
                new InjectedFault(
                        InjectedFault.Kind.WRONG_BYTES, ZenodoHost.NAME, "/files/" + NucleiDataset.FAULTY_FILE, 0),
                new InjectedFault(InjectedFault.Kind.TOO_MANY, GithubHosts.ARCHIVES, "/tar.gz/", 0));
        List<DemoDataset> all = new ArrayList<>(
                List.of(colon.dataset(), marrow.dataset(), node.dataset(), nuclei.dataset(), form.dataset()));
        all.addAll(challenge.datasets());
        return new DemoDatasets(all, hosts, faults, form.localFile());
    }

    /** Two datasets of short texts instead: nothing is drawn, so that they are made at once. */
    public static DemoDatasets texts() {
        TextDatasets texts = new TextDatasets();
        return new DemoDatasets(texts.datasets(), texts.hosts(), List.of(), GeneratedFile.text("nothing", ""));
    }

    /** In the order in which a demo shows them. */
    public List<DemoDataset> all() {
        return all;
    }

    /**
     * Writes {@code <id>.yaml} for each into a folder, which is created if it does not exist.
     *
     * @return the files, in the order of {@link #all()}
     * @throws Problem {@code DISK} if one cannot be written
     */
    public List<Path> writeManifests(Path folder) throws Problem {
        List<Path> written = new ArrayList<>();
        for (DemoDataset dataset : all) {
            byte[] text = dataset.manifestText().getBytes(StandardCharsets.UTF_8);
            written.add(write(folder, dataset.id() + ".yaml", text));
        }
        return written;
    }

    /**
     * Writes the file that a user would get after filling in the form of {@code demo-form}, for {@code --from}.
     *
     * @param folder created if it does not exist
     * @throws Problem {@code DISK} if it cannot be written
     */
    public Path writeLocalFile(Path folder) throws Problem {
        return write(folder, localFile.path(), localFile.bytes());
    }

    private static Path write(Path folder, String name, byte[] bytes) throws Problem {
        Path file = folder.resolve(name);
        try {
            Files.createDirectories(folder);
            return Files.write(file, bytes);
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    Problem.because("the demo cannot write " + file, e),
                    "name a folder that can be written to and has room",
                    e);
        }
    }

    Map<String, DemoHost> hosts() {
        return hosts;
    }

    List<InjectedFault> faults() {
        return faults;
    }
}
