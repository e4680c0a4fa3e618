package org.histods.demo;

import java.util.List;
import java.util.Map;

/** Simulates Google Drive: first a page that warns of a file too large for its virus scan, then, confirmed, the file. */
final class DriveHosts {

    static final String SITE = "drive.google.com";
    static final String CONTENT = "drive.usercontent.google.com";

    /** A file and its id. */
    record Shared(String id, GeneratedFile file) {}

    private final List<Shared> files;

    DriveHosts(List<Shared> files) {
        this.files = List.copyOf(files);
    }

    Map<String, DemoHost> byName() {
        return Map.of(SITE, this::site, CONTENT, this::content);
    }

    private DemoResponse site(String path, Map<String, String> query) {
        for (Shared shared : files) {
            if (path.equals("/uc") && shared.id().equals(query.get("id"))) {
                return DemoResponse.text(200, "text/html; charset=utf-8", warning(shared));
            }
        }
        return DemoResponse.text(
                404, "text/html; charset=utf-8", "<!DOCTYPE html><title>Google Drive - Page Not Found</title>");
    }

    private static String warning(Shared shared) {
        return """
                <!DOCTYPE html><html><head><title>Google Drive - Virus scan warning</title></head><body>
                <p class="uc-warning-subcaption">%s is too large for Google to scan for viruses.</p>
                <form id="download-form" action="https://%s/download" method="get">
                <input type="submit" id="uc-download-link" value="Download anyway"/>
                <input type="hidden" name="id" value="%s"><input type="hidden" name="export" value="download">
                <input type="hidden" name="confirm" value="t"><input type="hidden" name="uuid" value="demo">
                </form></body></html>
                """.formatted(shared.file().path(), CONTENT, shared.id());
    }

    private DemoResponse content(String path, Map<String, String> query) {
        for (Shared shared : files) {
            if (path.equals("/download") && shared.id().equals(query.get("id")) && "t".equals(query.get("confirm"))) {
                return DemoResponse.file(
                                "application/octet-stream", shared.file().bytes(), "demo-" + shared.id())
                        .with(
                                "Content-Disposition",
                                "attachment; filename=\"" + shared.file().path() + "\"");
            }
        }
        return DemoResponse.notFound();
    }
}
