package org.histods.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.mirror.OwnerProcess;
import org.jspecify.annotations.Nullable;

/** The machine on which this process runs, according to its environment: the host, the Slurm job and the container. */
public final class MachineState {

    /** The id of a container of Docker, containerd or Podman in the paths of its cgroup or its mounts. */
    private static final Pattern CONTAINER_ID =
            Pattern.compile("/(?:docker/|docker-|cri-containerd-|crio-|libpod-|containers/|pod[^/]*/)([0-9a-f]{64})");

    private static final Pattern PROPERTY = Pattern.compile("(?m)^([a-z]+)=\"?(.*?)\"?$");

    private final Map<String, String> environment;
    private final Path root;

    public MachineState(Map<String, String> environment) {
        this(environment, Path.of("/"));
    }

    /** @param root the root of the file system; another one for tests */
    MachineState(Map<String, String> environment, Path root) {
        this.environment = Map.copyOf(environment);
        this.root = root;
    }

    /** The current state. What is unknown is null. */
    public RunRecord.Machine now() {
        return new RunRecord.Machine(OwnerProcess.self("histods").host(), slurm(), container());
    }

    private RunRecord.@Nullable Slurm slurm() {
        String job = variable("SLURM_JOB_ID");
        return job == null
                ? null
                : new RunRecord.Slurm(
                        job,
                        variable("SLURM_ARRAY_JOB_ID"),
                        variable("SLURM_ARRAY_TASK_ID"),
                        variable("SLURM_CLUSTER_NAME"));
    }

    private RunRecord.@Nullable Container container() {
        for (String kind : new String[] {"apptainer", "singularity"}) {
            String prefix = kind.toUpperCase(Locale.ROOT);
            String image = variable(prefix + "_CONTAINER");
            String name = variable(prefix + "_NAME");
            if (image != null || name != null) {
                return new RunRecord.Container(kind, image == null ? name : image, null);
            }
        }
        Path podman = root.resolve("run/.containerenv");
        if (Files.isRegularFile(podman)) {
            Map<String, String> properties = new HashMap<>();
            Matcher property = PROPERTY.matcher(text(podman));
            while (property.find()) {
                properties.put(property.group(1), property.group(2));
            }
            String id = properties.get("id");
            return new RunRecord.Container("podman", properties.get("image"), id == null ? id() : id);
        }
        String id = id();
        if (variable("KUBERNETES_SERVICE_HOST") != null) {
            return new RunRecord.Container("kubernetes", null, id);
        }
        if (Files.exists(root.resolve(".dockerenv"))) {
            return new RunRecord.Container("docker", null, id);
        }
        // Set by systemd-nspawn, LXC and others; see systemd's CONTAINER_INTERFACE.
        String other = variable("container");
        return other == null && id == null
                ? null
                : new RunRecord.Container(other == null ? "unknown" : other, null, id);
    }

    private @Nullable String id() {
        for (String file : new String[] {"proc/self/cgroup", "proc/self/mountinfo"}) {
            Matcher id = CONTAINER_ID.matcher(text(root.resolve(file)));
            if (id.find()) {
                return id.group(1);
            }
        }
        return null;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    private @Nullable String variable(String name) {
        String value = environment.getOrDefault(name, "");
        return value.isEmpty() ? null : value;
    }
}
