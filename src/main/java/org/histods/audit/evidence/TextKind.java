package org.histods.audit.evidence;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a file of a project is for, told by its name. */
enum TextKind {
    /** Code, scripts and settings: what they name is likely to be used. */
    CODE,
    /** A notebook, of which only the cells that a person wrote count. */
    NOTEBOOK,
    /** Readmes, papers, references: what they name may be merely spoken of. */
    TEXT;

    private static final Set<String> CODES = Set.of(
            "py",
            "pyx",
            "r",
            "jl",
            "m",
            "java",
            "scala",
            "kt",
            "groovy",
            "c",
            "cc",
            "cpp",
            "h",
            "hpp",
            "cu",
            "cs",
            "go",
            "rs",
            "js",
            "ts",
            "sh",
            "bash",
            "zsh",
            "fish",
            "slurm",
            "sbatch",
            "pbs",
            "bat",
            "ps1",
            "nf",
            "smk",
            "wdl",
            "cwl",
            "yaml",
            "yml",
            "json",
            "jsonc",
            "toml",
            "ini",
            "cfg",
            "conf",
            "env",
            "properties",
            "gin",
            "ijm",
            "qpproj");
    private static final Set<String> TEXTS =
            Set.of("md", "rst", "tex", "bib", "cff", "txt", "adoc", "org", "rmd", "qmd");
    private static final Set<String> CODE_NAMES = Set.of("makefile", "dockerfile", "snakefile", "justfile");
    private static final Set<String> NOT_WRITTEN =
            Set.of("package-lock.json", "histods.yaml", "histods.lock", "pixi.lock", "composer.lock");

    /** What that file is; empty for one in which no names are looked for. */
    static Optional<TextKind> of(String name) {
        String plain = name.toLowerCase(Locale.ROOT);
        if (NOT_WRITTEN.contains(plain)) {
            return Optional.empty();
        }
        String ending = plain.substring(plain.lastIndexOf('.') + 1);
        if (ending.equals("ipynb")) {
            return Optional.of(NOTEBOOK);
        }
        boolean settings = plain.matches("(?:requirements|constraints|environment)[^/]*\\.txt");
        if (CODES.contains(ending) || CODE_NAMES.contains(plain) || settings) {
            return Optional.of(CODE);
        }
        boolean readme = plain.matches("readme|citation|authors|changelog");
        return TEXTS.contains(ending) || readme ? Optional.of(TEXT) : Optional.empty();
    }
}
