package org.histods.testing;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * S3Proxy, an S3 server that keeps objects in a folder and checks signatures. It has its own class loader, since it needs libraries that
 * histods uses in other versions. Maven puts it into {@code target/s3proxy}.
 */
public final class S3Server implements AutoCloseable {

    public static final String KEY_ID = "TESTKEY";
    public static final String SECRET = "wJalrXUtnFEMI/bPxRfiCYEXAMPLE";

    private static final Path JARS = Path.of(System.getProperty("project.basedir", "."), "target", "s3proxy");

    private final URLClassLoader loader;
    private final Object server;

    /** Whether Maven has put it there. */
    public static boolean there() {
        return Files.isDirectory(JARS);
    }

    /** The class path for a process of its own. */
    public static String classPath() {
        return JARS + "/*";
    }

    /**
     * Starts it on a free port.
     *
     * @param folder has a folder for each bucket
     */
    public S3Server(Path folder) throws Exception {
        List<URL> jars = new ArrayList<>();
        try (Stream<Path> list = Files.list(JARS)) {
            for (Path jar : list.toList()) {
                jars.add(jar.toUri().toURL());
            }
        }
        loader = new URLClassLoader(jars.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
        Thread thread = Thread.currentThread();
        ClassLoader usual = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            server = start(folder);
        } finally {
            thread.setContextClassLoader(usual);
        }
    }

    private Object start(Path folder) throws Exception {
        quieten();
        Properties settings = new Properties();
        settings.setProperty("jclouds.filesystem.basedir", folder.toString());
        Class<?> contexts = loader.loadClass("org.jclouds.ContextBuilder");
        Object context = contexts.getMethod("newBuilder", String.class).invoke(null, "filesystem-nio2");
        context = contexts.getMethod("credentials", String.class, String.class).invoke(context, "x", "x");
        context = contexts.getMethod("overrides", Properties.class).invoke(context, settings);
        Class<?> view = loader.loadClass("org.jclouds.blobstore.BlobStoreContext");
        Object opened = contexts.getMethod("build", Class.class).invoke(context, view);
        Object blobs = view.getMethod("getBlobStore").invoke(opened);
        Class<?> type = loader.loadClass("org.gaul.s3proxy.S3Proxy");
        Object builder = type.getMethod("builder").invoke(null);
        Class<?> builders = builder.getClass();
        Class<?> authentication = loader.loadClass("org.gaul.s3proxy.AuthenticationType");
        Object v4 = authentication.getField("AWS_V4").get(null);
        builders.getMethod("awsAuthentication", authentication, String.class, String.class)
                .invoke(builder, v4, KEY_ID, SECRET);
        builders.getMethod("endpoint", URI.class).invoke(builder, URI.create("http://127.0.0.1:0"));
        builders.getMethod("blobStore", loader.loadClass("org.jclouds.blobstore.BlobStore"))
                .invoke(builder, blobs);
        Object made = builders.getMethod("build").invoke(builder);
        type.getMethod("start").invoke(made);
        return made;
    }

    private void quieten() throws Exception {
        Class<?> loggers = loader.loadClass("org.slf4j.LoggerFactory");
        Object root = loggers.getMethod("getLogger", String.class).invoke(null, "ROOT");
        Class<?> level = loader.loadClass("ch.qos.logback.classic.Level");
        root.getClass()
                .getMethod("setLevel", level)
                .invoke(root, level.getField("OFF").get(null));
    }

    public int port() throws ReflectiveOperationException {
        return (int) server.getClass().getMethod("getPort").invoke(server);
    }

    @Override
    public void close() throws IOException, ReflectiveOperationException {
        server.getClass().getMethod("stop").invoke(server);
        loader.close();
    }
}
