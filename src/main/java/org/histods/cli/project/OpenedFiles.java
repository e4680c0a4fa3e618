package org.histods.cli.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.problem.Problem;
import org.histods.project.Project;
import org.histods.project.RunRecord;
import org.histods.provenance.BagFile;

/** The files of a project's datasets that a traced command opened. */
final class OpenedFiles {

    private final Project project;
    private final Map<String, Selected> datasets = new LinkedHashMap<>();

    /** The files of a dataset that a project selects, and the folders through which they can be opened. */
    private record Selected(Set<Path> folders, List<BagFile> files) {}

    OpenedFiles(Project project) {
        this.project = project;
    }

    void add(ProjectData.Ready ready) throws Problem {
        try {
            Set<Path> folders = new HashSet<>();
            folders.add(ready.bag().ref().data().toRealPath());
            folders.add(project.place(ready.declared()).toRealPath());
            datasets.put(
                    ready.declared().name(),
                    new Selected(folders, ready.subset().files()));
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    Problem.because("cannot read " + ready.declared().path(), e));
        }
    }

    /** The folders of all datasets, with links resolved. */
    Set<Path> folders() {
        Set<Path> folders = new HashSet<>();
        datasets.values().forEach(selected -> folders.addAll(selected.folders));
        return folders;
    }

    /** The opened files of each dataset, once the command has ended; also writes lists of them to .histods/opened/. */
    List<RunRecord.Opened> opened(StraceRecorder trace) throws Problem {
        try {
            Set<String> paths = trace.opened();
            List<RunRecord.Opened> all = new ArrayList<>();
            for (Map.Entry<String, Selected> dataset : datasets.entrySet()) {
                all.add(opened(dataset.getKey(), dataset.getValue(), paths));
            }
            return all;
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot list the files that were opened", e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.interrupted();
        }
    }

    private RunRecord.Opened opened(String name, Selected selected, Set<String> paths) throws IOException, Problem {
        Map<FilePath, Checksum> opened = new TreeMap<>();
        for (BagFile file : selected.files) {
            for (Path folder : selected.folders) {
                if (paths.contains(folder.resolve(file.path().text()).toString())) {
                    opened.put(file.path(), file.sha256());
                }
            }
        }
        if (opened.isEmpty()) {
            return new RunRecord.Opened(name, 0, selected.files.size(), null);
        }
        Fingerprint list = Fingerprint.of(opened);
        Path file = project.own("opened/" + list.hex() + ".txt");
        if (!Files.exists(file)) {
            Files.createDirectories(file.getParent());
            Files.writeString(
                    file, Fingerprint.manifest(opened).collect(Collectors.joining()), StandardOpenOption.CREATE_NEW);
        }
        return new RunRecord.Opened(name, opened.size(), selected.files.size(), list.hex());
    }
}
