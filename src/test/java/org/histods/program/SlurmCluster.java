package org.histods.program;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A Slurm cluster of one machine: munged, slurmctld and slurmd of the package {@code slurm-wlm}, with all their files in one
 * folder, as the user who runs the test. It ends with the test.
 */
final class SlurmCluster implements Closeable {

    private static final List<String> PROGRAMS =
            List.of("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol", "sinfo");

    /** Where packages put programs that a user's path may lack. */
    private static final String PATH = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/bin:/sbin:/bin";

    private final Path folder;
    private final List<Process> daemons = new ArrayList<>();

    /** The programs that are not installed. */
    static List<String> missing() {
        return PROGRAMS.stream().filter(name -> !installed(name)).toList();
    }

    private static boolean installed(String name) {
        return Stream.of(PATH.split(":", -1)).anyMatch(place -> new File(place, name).canExecute());
    }

    /** Starts the cluster; its one node runs any number of tasks at a time. */
    SlurmCluster(Path folder) throws IOException, InterruptedException {
        this.folder = Files.createDirectories(folder);
        boolean ready = false;
        try {
            start();
            ready = true;
        } finally {
            if (!ready) {
                close();
            }
        }
    }

    private void start() throws IOException, InterruptedException {
        byte[] key = new byte[1024];
        new Random().nextBytes(key);
        Path munge = Files.createDirectories(folder.resolve("munge"));
        Files.write(munge.resolve("key"), key);
        for (Path path : List.of(munge.resolve("key"), munge)) {
            boolean isFolder = path.equals(munge);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(isFolder ? "rwx--x--x" : "r--------"));
        }
        daemon(
                "munged",
                "--foreground",
                "--force",
                "--key-file=" + munge.resolve("key"),
                "--socket=" + munge.resolve("socket"),
                "--pid-file=" + munge.resolve("pid"),
                "--log-file=" + munge.resolve("log"),
                "--seed-file=" + munge.resolve("seed"));
        await("munged", () -> Files.exists(munge.resolve("socket")));
        configure(munge.resolve("socket"));
        daemon("slurmctld", "-D", "-i");
        daemon("slurmd", "-D");
        await("an idle node", () -> run("sinfo", "-h", "-o", "%T").out().strip().equals("idle"));
    }

    private void configure(Path socket) throws IOException {
        String user = System.getProperty("user.name");
        // The name that slurmctld compares with its own, without the domain.
        String host =
                Files.readString(Path.of("/proc/sys/kernel/hostname")).strip().replaceFirst("\\..*", "");
        List<Integer> ports = freePorts();
        Files.createDirectories(folder.resolve("state"));
        Files.createDirectories(folder.resolve("spool"));
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("ClusterName", "histods");
        settings.put("SlurmctldHost", host + "(127.0.0.1)");
        settings.put("SlurmctldPort", String.valueOf(ports.get(0)));
        settings.put("SlurmdPort", String.valueOf(ports.get(1)));
        settings.put("AuthType", "auth/munge");
        // A task that is requeued waits until the credential of its last run is over.
        settings.put("AuthInfo", "socket=" + socket + ",cred_expire=5");
        settings.put("SlurmUser", user);
        settings.put("SlurmdUser", user);
        settings.put("StateSaveLocation", folder.resolve("state").toString());
        settings.put("SlurmdSpoolDir", folder.resolve("spool").toString());
        for (String daemon : List.of("Slurmctld", "Slurmd")) {
            settings.put(daemon + "PidFile", folder.resolve(daemon + ".pid").toString());
            settings.put(daemon + "LogFile", folder.resolve(daemon + ".log").toString());
        }
        // Without control groups, which a container may not manage.
        settings.put("ProctrackType", "proctrack/linuxproc");
        settings.put("TaskPlugin", "task/none");
        settings.put("SwitchType", "switch/none");
        settings.put("MpiDefault", "none");
        settings.put("SelectType", "select/cons_tres");
        settings.put("SelectTypeParameters", "CR_CPU");
        settings.put("SchedulerParameters", "sched_interval=2,bf_interval=2");
        settings.put("JobAcctGatherType", "jobacct_gather/none");
        settings.put("AccountingStorageType", "accounting_storage/none");
        settings.put("ReturnToService", "2");
        settings.put("MinJobAge", "600");
        settings.put("SlurmdParameters", "config_overrides");
        StringBuilder text = new StringBuilder();
        settings.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        text.append("NodeName=" + host + " NodeAddr=127.0.0.1 CPUs=64 RealMemory=65536 State=UNKNOWN\n");
        text.append("PartitionName=all Nodes=" + host + " Default=YES MaxTime=INFINITE State=UP\n");
        Files.writeString(folder.resolve("slurm.conf"), text);
    }

    private static List<Integer> freePorts() throws IOException {
        try (ServerSocket one = new ServerSocket(0);
                ServerSocket two = new ServerSocket(0)) {
            return List.of(one.getLocalPort(), two.getLocalPort());
        }
    }

    private ProcessBuilder builder(Map<String, String> more, String... command) {
        String program = Stream.of(PATH.split(":", -1))
                .map(place -> new File(place, command[0]))
                .filter(File::canExecute)
                .findFirst()
                .orElseThrow()
                .getPath();
        List<String> words = new ArrayList<>(List.of(command));
        words.set(0, program);
        ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
        builder.environment().putAll(more);
        builder.environment().put("PATH", PATH);
        builder.environment().put("SLURM_CONF", folder.resolve("slurm.conf").toString());
        return builder;
    }

    private void daemon(String... command) throws IOException {
        File log = folder.resolve(command[0] + ".out").toFile();
        daemons.add(builder(Map.of(), command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start());
    }

    /** The exit code and both streams of a command. */
    record Ran(int exit, String out) {}

    private Ran run(String... command) throws IOException, InterruptedException {
        return run(Map.of(), command);
    }

    private Ran run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, command[0], ".txt");
        Process process = builder(environment, command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("did not end: " + String.join(" ", command));
        }
        return new Ran(process.exitValue(), Files.readString(out));
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private void await(String what, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("waited in vain for " + what + "\n" + logs());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Submits a script, with its arguments and in that environment; the number of the job. */
    String submit(Map<String, String> environment, Path script, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sbatch", "--parsable", script.toString()));
        Collections.addAll(command, arguments);
        Ran ran = run(environment, command.toArray(String[]::new));
        if (ran.exit() != 0) {
            throw new IllegalStateException(ran.out() + logs());
        }
        return ran.out().strip();
    }

    /** The state of each task, such as {@code COMPLETED}, by its name, such as {@code 1_2}. */
    Map<String, String> states() throws IOException, InterruptedException {
        Map<String, String> states = new HashMap<>();
        run("squeue", "-h", "-r", "-t", "all", "-o", "%i %T")
                .out()
                .lines()
                .map(line -> line.strip().split(" ", 2))
                .filter(words -> words.length == 2)
                .forEach(words -> states.put(words[0], words[1]));
        return states;
    }

    /** Waits until the states are as they should be. */
    void await(String what, Predicate<Map<String, String>> right) throws IOException, InterruptedException {
        await(what, () -> right.test(states()));
    }

    /** Runs a task that ended again. */
    void requeue(String task) throws IOException, InterruptedException {
        Ran ran = run("scontrol", "requeue", task);
        if (ran.exit() != 0) {
            throw new IllegalStateException(ran.out());
        }
    }

    /** The logs of the daemons and tasks. */
    String logs() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> list = Files.list(folder)) {
            for (Path file : list.filter(path -> path.toString().matches(".*\\.(out|log)"))
                    .sorted()
                    .toList()) {
                String all = Files.readString(file);
                text.append("== ")
                        .append(file.getFileName())
                        .append('\n')
                        .append(all.substring(Math.max(0, all.length() - 3000)));
            }
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        try {
            if (daemons.size() == 3) {
                run("scancel", "--signal=KILL", "--full", "--user=" + System.getProperty("user.name"));
                run("scancel", "--user=" + System.getProperty("user.name"));
            }
            Collections.reverse(daemons);
            for (Process daemon : daemons) {
                daemon.destroy();
                if (!daemon.waitFor(20, TimeUnit.SECONDS)) {
                    daemon.destroyForcibly();
                }
            }
        } catch (InterruptedException e) {
            daemons.forEach(Process::destroyForcibly);
            Thread.currentThread().interrupt();
        }
    }
}
