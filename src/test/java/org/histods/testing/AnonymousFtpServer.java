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
    private final Listener listener;

    /**
     * Starts serving.
     *
     * @param anonymous whether it accepts the user {@code anonymous}, or nobody
     * @param observer sees every command
     */
    public AnonymousFtpServer(Path home, boolean anonymous, Ftplet observer) throws FtpException {
        FtpServerFactory factory = new FtpServerFactory();
        ListenerFactory listeners = new ListenerFactory();
        listeners.setServerAddress("127.0.0.1");
        listeners.setPort(0);
        listener = listeners.createListener();
        factory.addListener("default", listener);
        ConnectionConfigFactory rules = new ConnectionConfigFactory();
        rules.setAnonymousLoginEnabled(anonymous);
        factory.setConnectionConfig(rules.createConnectionConfig());
        BaseUser user = new BaseUser();
        user.setName("anonymous");
        user.setHomeDirectory(home.toString());
        factory.getUserManager().save(user);
        // The server empties the map when it stops.
        factory.setFtplets(new HashMap<>(Map.of("observer", observer)));
        server = factory.createServer();
        server.start();
    }

    public int port() {
        return listener.getPort();
    }

    /** Gives access to the sessions. */
    public Listener listener() {
        return listener;
    }

    @Override
    public void close() {
        server.stop();
    }
}
