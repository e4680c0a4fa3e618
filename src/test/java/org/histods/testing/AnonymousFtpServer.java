package org.histods.testing;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.ftpserver.ConnectionConfigFactory;
import org.apache.ftpserver.FtpServer;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.ftplet.FtpException;
import org.apache.ftpserver.ftplet.Ftplet;
import org.apache.ftpserver.listener.Listener;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;

/** A real FTP server on loopback that serves a folder. */
public final class AnonymousFtpServer implements Closeable {

    private final FtpServer server;
    private final Listener door;

    /**
     * Serves from now on.
     *
     * @param anybody whether it lets anybody in, or nobody
     * @param doorman hears of every command
     */
    public AnonymousFtpServer(Path home, boolean anybody, Ftplet doorman) throws FtpException {
        FtpServerFactory factory = new FtpServerFactory();
        ListenerFactory listener = new ListenerFactory();
        listener.setServerAddress("127.0.0.1");
        listener.setPort(0);
        door = listener.createListener();
        factory.addListener("default", door);
        ConnectionConfigFactory rules = new ConnectionConfigFactory();
        rules.setAnonymousLoginEnabled(anybody);
        factory.setConnectionConfig(rules.createConnectionConfig());
        BaseUser user = new BaseUser();
        user.setName("anonymous");
        user.setHomeDirectory(home.toString());
        factory.getUserManager().save(user);
        // The server empties the map when it stops.
        factory.setFtplets(new HashMap<>(Map.of("doorman", doorman)));
        server = factory.createServer();
        server.start();
    }

    public int port() {
        return door.getPort();
    }

    /** For what a test does to its sessions. */
    public Listener door() {
        return door;
    }

    @Override
    public void close() {
        server.stop();
    }
}
