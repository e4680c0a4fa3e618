package org.histods.cli.catalogue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.Console;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.pull.PullRequest;
import org.histods.pull.RemoteArchive;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.unpack.ArchiveKind;
import org.histods.unpack.ZipContents;

/** Lists the members of a dataset's zips at their hosts. */
final class ArchiveListing {

    private final AppContext app;

    ArchiveListing(AppContext app) {
        this.app = app;
    }

    /**
     * Prints the members of the pinned zips; nothing for a dataset without any.
     *
     * @return the exit code: that of the first problem, 0 if there is none
     */
    int print(ManifestFile manifest) throws Problem {
        if (manifest.manifest().sources().stream().noneMatch(ArchiveListing::hasZip)) {
            return 0;
        }
        Console console = app.console();
        if (app.offline()) {
            console.say("the members of its archives are not listed, because --offline forbids requests");
            return 0;
        }
        int exit = 0;
        for (RemoteArchive archive : app.puller().archives(PullRequest.of(manifest))) {
            print(archive);
            Problem problem = archive.problem();
            if (problem != null) {
                console.problem(manifest.manifest().id().text(), problem);
                exit = exit == 0 ? problem.kind().exit() : exit;
            }
        }
        return exit;
    }

    private static boolean hasZip(SourceSpec source) {
        return source.use() == SourceSpec.Use.AUTO
                && source.files().stream()
                        .map(PinnedFile::path)
                        .anyMatch(path -> ArchiveKind.named(path)
                                .filter(ArchiveKind.ZIP::equals)
                                .isPresent());
    }

    private void print(RemoteArchive archive) {
        Console console = app.console();
        console.object(json(archive));
        List<ZipContents.Member> members = archive.members();
        console.data("");
        console.data(archive.path() + " at " + archive.source() + ": "
                + (archive.unknown() == null
                        ? Count.of(members.size(), "file") + ", "
                                + Bytes.text(members.stream()
                                        .mapToLong(ZipContents.Member::bytes)
                                        .sum())
                                + " unpacked"
                        : "members unknown, because " + archive.unknown()));
        for (ZipContents.Member member : members) {
            console.data("  " + member.path() + "  " + Bytes.text(member.bytes()) + "  " + Bytes.text(member.packed())
                    + " packed" + (member.link() ? "  symbolic link" : ""));
        }
    }

    private static Map<String, Object> json(RemoteArchive archive) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("archive", archive.path().text());
        line.put("source", archive.source());
        line.put("bytes", archive.bytes());
        line.put("unknown", archive.unknown());
        line.put("members", archive.members().stream().map(ArchiveListing::json).toList());
        return line;
    }

    private static Map<String, Object> json(ZipContents.Member member) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("path", member.path().text());
        line.put("entry", member.entry());
        line.put("bytes", member.bytes());
        line.put("packed", member.packed());
        line.put("link", member.link());
        return line;
    }
}
