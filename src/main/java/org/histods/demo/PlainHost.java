package org.histods.demo;

import java.util.List;
import java.util.Map;
import org.histods.digest.Algorithm;

/** Simulates a plain web server with files on it. */
final class PlainHost implements DemoHost {

    private final List<GeneratedFile> files;

    PlainHost(List<GeneratedFile> files) {
        this.files = List.copyOf(files);
    }

    @Override
    public DemoResponse respond(String path, Map<String, String> query) {
        for (GeneratedFile file : files) {
            if (path.equals("/" + file.path())) {
                String etag = file.checksum(Algorithm.SHA256).hex().substring(0, 16);
                String type = path.endsWith(".html") ? "text/html; charset=utf-8" : "application/octet-stream";
                return DemoResponse.file(type, file.bytes(), etag);
            }
        }
        return DemoResponse.notFound();
    }
}
