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
 * Small datasets that are drawn in memory, so that histods can be tried without a network. They look like stained
 * tissue to a person, and are none. The same on every machine, up to how its Java compresses PNG; their manifests pin
 * what was drawn here. Immutable.
 */
public final class StandIns {

    static final String ZENODO = "the demo's own Zenodo stand-in";
    private static final int BREAKS_AFTER = 300_000;

    private final List<StandIn> all;
    private final Map<String, Host> hosts;
    private final List<Mishap> mishaps;
    private final Drawn brought;

    private StandIns(List<StandIn> all, Map<String, Host> hosts, List<Mishap> mishaps, Drawn brought) {
        this.all = List.copyOf(all);
        this.hosts = Map.copyOf(hosts);
        this.mishaps = List.copyOf(mishaps);
        this.brought = brought;
    }

    /** Hosts without datasets. */
    StandIns(Map<String, Host> hosts, List<Mishap> mishaps) {
        this(List.of(), hosts, mishaps, Drawn.text("nothing", ""));
    }

    /** Draws them all; takes a second or two. */
    public static StandIns draw() {
        CompletableFuture<Node> slides = CompletableFuture.supplyAsync(Node::new);
        Colon colon = new Colon();
        Marrow marrow = new Marrow();
        Node node = slides.join();
        Nuclei nuclei = new Nuclei(colon);
        Form form = new Form(colon);
        Challenge challenge = new Challenge();

        String bucket = S3Host.name(Node.BUCKET, Node.REGION);
        Map<String, Host> hosts = new HashMap<>(new GithubHosts(marrow.repo()).byName());
        hosts.put(ZenodoHost.NAME, new ZenodoHost(List.of(colon.deposit(), nuclei.deposit())));
        hosts.put(bucket, new S3Host(Node.BUCKET, node.objects()));
        hosts.put(Nuclei.SECOND_HOST, new PlainHost(nuclei.atSecondHost()));
        hosts.put(Form.HOST, new PlainHost(List.of(form.page())));
        hosts.putAll(challenge.hosts().byName());

        List<Mishap> mishaps = List.of(
                new Mishap(Mishap.Kind.BREAKS, bucket, Node.UNLUCKY, BREAKS_AFTER),
                new Mishap(Mishap.Kind.WRONG_BYTES, ZenodoHost.NAME, "/files/" + Nuclei.UNLUCKY, 0),
                new Mishap(Mishap.Kind.TOO_MANY, GithubHosts.ARCHIVES, "/tar.gz/", 0));
        List<StandIn> all = new ArrayList<>(
                List.of(colon.standIn(), marrow.standIn(), node.standIn(), nuclei.standIn(), form.standIn()));
        all.addAll(challenge.standIns());
        return new StandIns(all, hosts, mishaps, form.brought());
    }

    /** In the order in which a demo shows them. */
    public List<StandIn> all() {
        return all;
    }

    /**
     * Writes {@code <id>.yaml} for each into a folder, which is made if need be.
     *
     * @return the files, in the order of {@link #all()}
     * @throws Problem {@code DISK} if one cannot be written
     */
    public List<Path> writeManifests(Path folder) throws Problem {
        List<Path> written = new ArrayList<>();
        for (StandIn standIn : all) {
            byte[] text = standIn.manifestText().getBytes(StandardCharsets.UTF_8);
            written.add(write(folder, standIn.id() + ".yaml", text));
        }
        return written;
    }

    /**
     * Writes the file that a person would get after filling in the form of {@code demo-form}, for {@code --from}.
     *
     * @param folder made if need be
     * @throws Problem {@code DISK} if it cannot be written
     */
    public Path writeBroughtFile(Path folder) throws Problem {
        return write(folder, brought.path(), brought.bytes());
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
                    List.of(),
                    e);
        }
    }

    Map<String, Host> hosts() {
        return hosts;
    }

    List<Mishap> mishaps() {
        return mishaps;
    }
}
