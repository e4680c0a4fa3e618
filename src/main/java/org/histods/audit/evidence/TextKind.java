package org.histods.audit.evidence;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The purpose of a file of a project, by its name. */
enum TextKind {
    /** Code, scripts and settings: datasets that they name are probably used. */
    CODE,
    /** A notebook; its output does not count. */
    NOTEBOOK,
    /** Readmes, papers, references: datasets that they name may only be mentioned. */
    TEXT;

    private static final Set<String> CODES =
            Set.of(("py pyx r jl m java scala kt groovy c cc cpp h hpp cu cs go rs js ts sh bash zsh fish "
                            + "slurm sbatch pbs bat ps1 nf smk wdl cwl yaml yml json jsonc toml ini cfg conf env "
                            + "csh tcsh ksh lsf sge qsub job sub submit cmd mk def envrc tf j2 rb php mjs tsx jsx swift sas do "
                            + "properties gin ijm qpproj sql lua pl csv tsv lst list jsonl ndjson zpln dib dvc")
                    .split(" "));
    private static final Set<String> TEXTS =
            Set.of("md", "rst", "tex", "bib", "cff", "txt", "adoc", "org", "rmd", "rmarkdown", "qmd");
    private static final Set<String> CODE_NAMES = Set.of(
            "makefile",
            "gnumakefile",
            "dockerfile",
            "containerfile",
            "singularity",
            "apptainer",
            "snakefile",
            "justfile",
            "jenkinsfile",
            "procfile",
            "rakefile",
            "sconstruct");
    private static final Set<String> NOT_WRITTEN =
            Set.of("package-lock.json", "histods.yaml", "histods.lock", "pixi.lock", "composer.lock");

    /** Whether the name of a file says nothing: it may be a script that begins with {@code #!}. */
    static boolean hasNoEnding(String name) {
        return name.indexOf('.', 1) < 0;
    }

    /** The kind of that file; empty if it is not searched. */
    static Optional<TextKind> of(String name) {
        String plain = name.toLowerCase(Locale.ROOT);
        if (NOT_WRITTEN.contains(plain)) {
            return Optional.empty();
        }
        String ending = plain.substring(plain.lastIndexOf('.') + 1);
        if (ending.equals("ipynb")) {
            return Optional.of(NOTEBOOK);
        }
        if (plain.startsWith("dockerfile.") || plain.startsWith("snakefile.") || plain.startsWith("makefile.")) {
            return Optional.of(CODE);
        }
        boolean settings = plain.matches("(?:requirements|constraints|environment)[^/]*\\.txt");
        if (CODES.contains(ending) || CODE_NAMES.contains(plain) || settings) {
            return Optional.of(CODE);
        }
        boolean readme = plain.matches("readme|citation|authors|changelog");
        return TEXTS.contains(ending) || readme ? Optional.of(TEXT) : Optional.empty();
    }
}
