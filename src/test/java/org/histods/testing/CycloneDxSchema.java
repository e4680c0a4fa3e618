package org.histods.testing;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The CycloneDX project's own library, in its own class loader: it validates with an older release of a library that histods uses
 * itself. Maven puts that release into {@code target/cyclonedx}.
 */
public final class CycloneDxSchema implements AutoCloseable {

    private static final Path OLDER =
            Path.of(System.getProperty("project.basedir", "."), "target", "cyclonedx", "json-schema-validator.jar");

    private final URLClassLoader loader;
    private final Object parser;
    private final Object version;

    /** Whether the older release is there. */
    public static boolean there() {
        return Files.exists(OLDER);
    }

    public CycloneDxSchema() throws Exception {
        List<URL> jars = new ArrayList<>(List.of(OLDER.toUri().toURL()));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.endsWith(".jar") && !entry.contains("json-schema-validator")) {
                jars.add(Path.of(entry).toUri().toURL());
            }
        }
        loader = new URLClassLoader(jars.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
        parser = loader.loadClass("org.cyclonedx.parsers.JsonParser")
                .getDeclaredConstructor()
                .newInstance();
        version =
                loader.loadClass("org.cyclonedx.Version").getField("VERSION_16").get(null);
    }

    /** Where the validating library was loaded from. */
    public Path validator() throws ClassNotFoundException, URISyntaxException {
        Class<?> schema = loader.loadClass("com.networknt.schema.Schema");
        return Path.of(
                schema.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** The faults of the document by the schema of CycloneDX 1.6; empty for a good one. */
    public List<String> faults(String document) throws Exception {
        Object found;
        try {
            found = parser.getClass()
                    .getMethod("validate", byte[].class, version.getClass())
                    .invoke(parser, document.getBytes(StandardCharsets.UTF_8), version);
        } catch (InvocationTargetException e) {
            return List.of(String.valueOf(e.getCause()));
        }
        List<String> faults = new ArrayList<>();
        for (Object fault : (List<?>) found) {
            faults.add(String.valueOf(fault));
        }
        return faults;
    }

    /** The document as its object model, written again as JSON. */
    public String readAndWrite(String document) throws Exception {
        Object bom = parser.getClass()
                .getMethod("parse", byte[].class)
                .invoke(parser, document.getBytes(StandardCharsets.UTF_8));
        Class<?> generators = loader.loadClass("org.cyclonedx.generators.BomGeneratorFactory");
        Object generator = generators
                .getMethod("createJson", version.getClass(), bom.getClass())
                .invoke(null, version, bom);
        return String.valueOf(generator.getClass().getMethod("toJsonString").invoke(generator));
    }

    @Override
    public void close() throws Exception {
        loader.close();
    }
}
