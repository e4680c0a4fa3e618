package org.histods.cli.shell;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every command accepts, before or after its name. */
public final class GlobalOptions {

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "print one JSON object per line")
    public boolean json;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "print only warnings, errors and requested data")
    public boolean quiet;

    @Option(
            names = {"-y", "--yes"},
            scope = ScopeType.INHERIT,
            description = "answer yes to all questions")
    boolean yes;

    @Option(names = "--offline", scope = ScopeType.INHERIT, description = "make no network requests")
    boolean offline;

    @Option(
            names = "--progress",
            scope = ScopeType.INHERIT,
            paramLabel = "auto|plain|none",
            description = "show progress as a live line, as plain lines or not at all (default: auto)")
    public String progress = "auto";

    @Option(
            names = "--mirror",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "folder of pulled datasets [env: HISTODS_MIRROR]")
    @Nullable
    Path mirror;

    @Option(
            names = "--manifests",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "folder of manifests to add to the catalogue, repeatable [env: HISTODS_MANIFESTS]")
    List<Path> manifests = new ArrayList<>();

    @Option(
            names = "--route",
            scope = ScopeType.INHERIT,
            paramLabel = "HOST=URL",
            description = "send requests for HOST to URL; HOST can be '*' for all hosts, and {host} in URL stands for"
                    + " the host")
    Map<String, String> routes = new LinkedHashMap<>();

    @Option(
            names = {"-h", "--help"},
            scope = ScopeType.INHERIT,
            usageHelp = true,
            description = "show this help")
    boolean help;
}
