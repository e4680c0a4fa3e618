package org.histods.transport;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a {@link HttpTransport}.
 *
 * @param version of histods, for the user agent
 * @param credentials for each host
 * @param retryPolicy how often to try and how long to wait
 */
public record TransportSettings(
        String version, Hosts hosts, Network network, Credentials credentials, RetryPolicy retryPolicy) {

    /**
     * Which hosts may be used, and how.
     *
     * @param routes which hosts are replaced by others, and which may be used over plain http
     * @param allowPrivate hosts of this network that a public host may redirect to
     * @param policies limits for each host
     * @param stateDir where processes share the hosts' limits; null for this process alone
     */
    public record Hosts(
            HostRewrites routes,
            Set<String> allowPrivate,
            HostPolicies policies,
            @Nullable Path stateDir) {
        public Hosts {
            allowPrivate = Set.copyOf(allowPrivate);
        }
    }

    /**
     * How this machine reaches the network.
     *
     * @param offline whether every request fails at once
     * @param proxies from the environment
     * @param caFiles CA certificates that are trusted besides Java's
     * @param ascp where IBM's {@code ascp} is
     */
    public record Network(boolean offline, Proxies proxies, List<CaFile> caFiles, AscpInstallation ascp) {
        public Network {
            caFiles = List.copyOf(caFiles);
        }
    }
}
