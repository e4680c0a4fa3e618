package org.histods;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.histods.testing.ProgramClasses;
import org.junit.jupiter.api.Test;

/**
 * Which classes delete or replace files. Trees are deleted by {@code RecursiveDelete} alone; every other class here
 * deletes single files that it knows, and says which. A class that is not listed may not, and one that is listed must.
 */
final class DeletionRuleTest {

    private static final Map<String, String> MAY_DELETE = Map.ofEntries(
            Map.entry(
                    "mirror.RecursiveDelete", "trees, for MirrorDeletion and PendingFolder, which know whose they are"),
            Map.entry(
                    "mirror.FileOperations",
                    "its own temporary file of an atomic write; folders that are empty; a name that a person asked to move, of"
                            + " a file that a bag has too"),
            Map.entry("mirror.PartialClaims", "the file `owner` of a transfer that it has just claimed"),
            Map.entry(
                    "mirror.PartialTransfer",
                    "the file `owner` and wrong small files of a transfer that this process has claimed, and what is in"
                            + " staging where it puts a file"),
            Map.entry("mirror.PublishCompletion", "the files `completion.json` and `owner` of a staging folder"),
            Map.entry(
                    "mirror.Reflinks", "a copy that it has begun beside nothing else, where the disk has no reflinks"),
            Map.entry("mirror.Turn", "the file that it has made, or that of a process that died"),
            Map.entry("fetch.Transfer", "the file `part` of a transfer that it has claimed and starts again"),
            Map.entry("fetch.BodyWriter", "the file `aside` of a transfer that it has claimed"),
            Map.entry("fetch.RangedFile", "the file `part` of ranges that it has claimed and starts again"),
            Map.entry("pull.BagAssembly", "unwanted entries of an archive that was just unpacked into its own staging"),
            Map.entry(
                    "unpack.EntryWriter", "a file that it has just written and that a later entry of the tar replaces"),
            Map.entry("provenance.BagWriter", "a tag file that it writes again, in staging or in a draft of an export"),
            Map.entry("provenance.index.OpenIndexes", "its own temporary files"),
            Map.entry("provenance.index.SharedIndexes", "its own temporary files"),
            Map.entry("provenance.export.Exporter", "the empty folder that the export takes the place of"),
            Map.entry("project.AtomicFile", "its own temporary file of an atomic write"),
            Map.entry(
                    "project.PlacedLinks", "links that lead where the project's note says that histods made them lead"),
            Map.entry("credentials.CredentialFile", "its own temporary file of an atomic write"),
            Map.entry("transport.CrossProcessThrottle", "files of hosts in the folder of the program's own state"),
            Map.entry("pull.FailedSources", "a file of a source in the folder of the program's own state"),
            Map.entry("cli.project.StraceRecorder", "the pipe and the temporary folder that it made"));

    private static final Map<String, String> MAY_REPLACE = Map.of(
            "mirror.FileOperations", "small files of the mirror, by a rename",
            "provenance.index.OpenIndexes", "an index that was damaged, by a rename",
            "provenance.export.BagExport", "tag files in a draft of an export",
            "project.AtomicFile", "histods.yaml, histods.lock, the kept manifests, its note, reports, by a rename",
            "pull.FailedSources", "a file in the folder of the program's own state, by a rename",
            "transport.CrossProcessThrottle", "a file in the folder of the program's own state, by a rename");

    private static boolean deletes(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getName();
        return switch (owner) {
            case "java.nio.file.Files" -> name.equals("delete") || name.equals("deleteIfExists");
            case "java.io.File" -> name.equals("delete") || name.equals("deleteOnExit") || name.equals("renameTo");
            case "java.nio.file.SecureDirectoryStream" -> name.startsWith("delete");
            case "java.nio.file.StandardOpenOption" -> name.equals("DELETE_ON_CLOSE");
            default -> false;
        };
    }

    private static boolean replaces(JavaAccess<?> access) {
        return access.getTargetOwner().getName().equals("java.nio.file.StandardCopyOption")
                && access.getName().equals("REPLACE_EXISTING");
    }

    private static Set<String> classesThat(Predicate<JavaAccess<?>> predicate) {
        Set<String> names = new TreeSet<>();
        for (JavaClass one : ProgramClasses.ALL) {
            if (one.getAccessesFromSelf().stream().anyMatch(predicate)) {
                names.add(one.getName().replaceFirst("^org\\.histods\\.", "").replaceFirst("\\$.*", ""));
            }
        }
        return names;
    }

    @Test
    void files_areDeletedOnlyWhereItIsListedAndExplained() {
        assertEquals(new TreeMap<>(MAY_DELETE).keySet(), classesThat(DeletionRuleTest::deletes));
    }

    @Test
    void files_areReplacedOnlyWhereItIsListedAndExplained() {
        assertEquals(new TreeMap<>(MAY_REPLACE).keySet(), classesThat(DeletionRuleTest::replaces));
    }

    @Test
    void trees_areDeletedByTheTwoThatKnowWhoseTheyAre() {
        Set<String> callers =
                classesThat(access -> access.getTargetOwner().getName().equals("org.histods.mirror.RecursiveDelete"));
        callers.remove("mirror.RecursiveDelete");
        assertEquals(Set.of("mirror.MirrorDeletion", "mirror.PendingFolder"), callers);
    }
}
