package org.histods.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineStateTest {

    private static final String ID = "0123456789abcdef".repeat(4);

    @TempDir
    Path root;

    private RunRecord.Machine now(Map<String, String> environment) {
        return new MachineState(environment, root).now();
    }

    private void file(String path, String text) throws Exception {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void plainMachine_hasAHostAndNothingElse() throws Exception {
        file("proc/self/cgroup", "0::/user.slice/user-1000.slice/session-2.scope\n");
        RunRecord.Machine machine = now(Map.of("SLURM_JOB_ID", "", "HOME", "/home/ada"));
        assertFalse(machine.host().isEmpty());
        assertEquals(new RunRecord.Machine(machine.host(), null, null), machine);
    }

    @Test
    void taskOfASlurmArray_isRecordedWithItsArray() {
        assertEquals(
                new RunRecord.Slurm("4243", "4242", "1", "gpu"),
                now(Map.of(
                                "SLURM_JOB_ID", "4243",
                                "SLURM_ARRAY_JOB_ID", "4242",
                                "SLURM_ARRAY_TASK_ID", "1",
                                "SLURM_CLUSTER_NAME", "gpu"))
                        .slurm());
        assertEquals(
                new RunRecord.Slurm("17", null, null, null),
                now(Map.of("SLURM_JOB_ID", "17")).slurm());
    }

    @Test
    void apptainer_isRecordedWithItsImage() {
        assertEquals(
                new RunRecord.Container("apptainer", "/images/train.sif", null),
                now(Map.of("APPTAINER_CONTAINER", "/images/train.sif", "SINGULARITY_CONTAINER", "/images/train.sif"))
                        .container());
        assertEquals(
                new RunRecord.Container("singularity", "train.sif", null),
                now(Map.of("SINGULARITY_NAME", "train.sif")).container());
    }

    @Test
    void docker_isRecordedWithTheIdOfItsCgroupOrMounts() throws Exception {
        file(".dockerenv", "");
        assertEquals(
                new RunRecord.Container("docker", null, null), now(Map.of()).container());
        file("proc/self/cgroup", "0::/\n");
        file(
                "proc/self/mountinfo",
                "677 666 254:1 /var/lib/docker/containers/" + ID
                        + "/hostname /etc/hostname rw,relatime - ext4 /dev/vda1 rw\n");
        assertEquals(new RunRecord.Container("docker", null, ID), now(Map.of()).container());
        file("proc/self/cgroup", "12:cpuset:/docker/" + ID + "\n");
        assertEquals(new RunRecord.Container("docker", null, ID), now(Map.of()).container());
    }

    @Test
    void podman_isRecordedWithWhatItsFileSays() throws Exception {
        file("run/.containerenv", "");
        assertEquals(
                new RunRecord.Container("podman", null, null), now(Map.of()).container());
        file(
                "run/.containerenv",
                "engine=\"podman-4.3.1\"\nname=\"train\"\nid=\"" + ID
                        + "\"\nimage=\"localhost/train:1\"\nrootless=0\n");
        assertEquals(
                new RunRecord.Container("podman", "localhost/train:1", ID),
                now(Map.of("container", "podman")).container());
    }

    @Test
    void podOfKubernetes_isRecorded() throws Exception {
        file("proc/self/cgroup", "0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-" + ID + ".scope\n");
        assertEquals(
                new RunRecord.Container("kubernetes", null, ID),
                now(Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1")).container());
    }

    @Test
    void containerOfAnotherKind_isRecordedByItsOwnName() {
        assertEquals(
                new RunRecord.Container("systemd-nspawn", null, null),
                now(Map.of("container", "systemd-nspawn")).container());
    }
}
