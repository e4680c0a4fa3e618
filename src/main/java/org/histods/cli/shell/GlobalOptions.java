package org.histods.cli.shell;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, before or after its name. */
public final class GlobalOptions {

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "print one JSON object a line on standard output")
    public boolean json;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "say only what went wrong")
    public boolean quiet;

    @Option(
            names = "--progress",
            scope = ScopeType.INHERIT,
            paramLabel = "auto|plain|none",
            description = "how progress is shown (default: auto, a live line on a terminal, else a line every 30 s)")
    public String progress = "auto";

    @Option(
            names = "--mirror",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "the folder of pulled datasets (default: $HISTODS_MIRROR, else the checkout's cache/, else"
                    + " the XDG cache home)")
    @Nullable
    Path mirror;

    @Option(
            names = "--manifests",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "the folder of the catalogue (default: the checkout's manifests/, else the built-in one)")
    @Nullable
    Path manifests;

    @Option(
            names = "--route",
            scope = ScopeType.INHERIT,
            paramLabel = "HOST=URL",
            description = "send requests for HOST to URL instead; '*' is every host, {host} in the URL stands for the"
                    + " host. May be given several times")
    Map<String, String> routes = new LinkedHashMap<>();

    @Option(
            names = {"-y", "--yes"},
            scope = ScopeType.INHERIT,
            description = "ask nothing: fetch also what is very large or of unknown size, delete what `remove` names")
    boolean yes;

    @Option(
            names = "--offline",
            scope = ScopeType.INHERIT,
            description = "make no request; use only what the mirror has")
    boolean offline;

    @Option(
            names = {"-h", "--help"},
            scope = ScopeType.INHERIT,
            usageHelp = true,
            description = "show this help")
    boolean help;
}
