package org.histods.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.histods.testing.DemoRunner;
import org.histods.testing.InstalledPrograms;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files in {@code docs/workflows}, run by the real tools with the built program and a dataset that is in the mirror. */
class WorkflowsIT {

    private static final Path RECIPES = Program.project().resolve("docs/workflows");

    @TempDir
    Path folder;

    private DemoRunner demo;

    @BeforeEach
    void pull() throws Exception {
        demo = new DemoRunner(folder);
        assertEquals(0, demo.run("pull", "demo-colon").exit());
    }

    @AfterEach
    void close() {
        demo.close();
    }

    private String run(Path here, String... command) throws Exception {
        Path out = Files.createTempFile(folder, "out", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(here.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("HOME", Files.createDirectories(folder.resolve("home")).toString());
        environment.put("XDG_CACHE_HOME", Program.classes().toString());
        environment.put("HISTODS_MIRROR", folder.resolve("mirror").toString());
        environment.put("HISTODS_MANIFESTS", demo.manifests().toString());
        environment.put("HISTODS_CONFIG", folder.resolve("config.yaml").toString());
        environment.put(
                "PATH",
                Program.project().toAbsolutePath().normalize() + ":"
                        + environment.getOrDefault("PATH", "/usr/bin:/bin"));
        for (String role : List.of("AUTHOR", "COMMITTER")) {
            environment.put("GIT_" + role + "_NAME", "Ada");
            environment.put("GIT_" + role + "_EMAIL", "ada@example.org");
        }
        int exit = builder.start().waitFor();
        String printed = Files.readString(out, StandardCharsets.UTF_8);
        assertEquals(0, exit, printed);
        return printed;
    }

    @Test
    void snakemake_runsItsStepsOnce() throws Exception {
        InstalledPrograms.assume("snakemake");
        Files.copy(RECIPES.resolve("Snakefile"), folder.resolve("Snakefile"));
        String[] command = {"snakemake", "--cores", "1", "--config", "dataset=demo-colon"};
        run(folder, command);
        assertEquals(
                "84", Files.readString(folder.resolve("results/demo-colon.txt")).strip());
        assertTrue(run(folder, command).contains("Nothing to be done"));
    }

    /** Nextflow is not installed by a package; it replaces its variables, and runs each script with {@code bash -ue}. */
    @Test
    void scriptsOfTheNextflowProcesses_giveTheFolderAndTheRecord_andCountTheFiles() throws Exception {
        String[] parts = Files.readString(RECIPES.resolve("main.nf")).split("\"\"\"");
        assertEquals(5, parts.length, "two scripts are expected, each in three quotation marks");
        String pull = parts[1].replace("${dataset}", "demo-colon").replace("\\$", "$");
        String data = run(folder, "bash", "-ue", "-c", pull + "\nprintf %s \"$FOLDER\"");
        assertTrue(Files.isDirectory(Path.of(data)), data);
        assertTrue(Files.readString(folder.resolve("bag-info.txt")).contains("Payload-Oxum: "));
        assertEquals(
                "84",
                run(folder, "bash", "-ue", "-c", parts[3].replace("${folder}", data))
                        .strip());
    }

    @Test
    void datalad_keepsTheUrlsOfFilesThatWereDownloadedAsTheyAre() throws Exception {
        InstalledPrograms.assume("datalad");
        run(folder, RECIPES.resolve("to-datalad").toAbsolutePath().toString(), "demo-colon", "colon");
        Path dataset = folder.resolve("colon");
        assertEquals("", run(dataset, "git", "status", "--porcelain"));
        assertTrue(Files.isRegularFile(dataset.resolve(".histods/receipts/0001-pull.json")));
        String urls = run(dataset, "git", "annex", "whereis", "--in", "web")
                .lines()
                .filter(line -> line.contains("  web: "))
                .collect(Collectors.joining("\n"));
        assertEquals(plainFiles(), urls.lines().count(), urls);
    }

    @Test
    void r_getsTheFolder_andAnErrorWithItsHint() throws Exception {
        InstalledPrograms.assume("Rscript");
        Process jsonlite = new ProcessBuilder("Rscript", "--vanilla", "-e", "library(jsonlite)")
                .redirectErrorStream(true)
                .start();
        assumeTrue(jsonlite.waitFor() == 0, "jsonlite is not installed (r-cran-jsonlite)");
        Path script = Files.writeString(folder.resolve("use.R"), """
                library(jsonlite)
                source(commandArgs(TRUE)[[1]])
                histods("pull", "demo-colon")
                cat("files", length(list.files(histods("path", "demo-colon")[[1]]$path, recursive = TRUE)), "\n")
                tryCatch(histods("path", "it's $HOME"), error = function(e) cat("error", conditionMessage(e)))
                """);
        String printed = run(
                folder,
                "Rscript",
                "--vanilla",
                script.toString(),
                RECIPES.resolve("histods.R").toAbsolutePath().toString());
        assertTrue(printed.contains("files 84"), printed);
        assertTrue(printed.contains("error there is no dataset 'it's $HOME'\nhint: "), printed);
        assertFalse(printed.contains("Warning"), printed);
    }

    /** How many files of the dataset are not out of an archive. */
    private long plainFiles() throws Exception {
        try (var bags = Files.walk(folder.resolve("mirror/datasets/demo-colon"), 2)) {
            Path origins = bags.filter(path -> path.endsWith("origins.jsonl"))
                    .findFirst()
                    .orElseThrow();
            return Files.readAllLines(origins).stream()
                    .filter(line -> !line.contains("\"member\""))
                    .count();
        }
    }
}
