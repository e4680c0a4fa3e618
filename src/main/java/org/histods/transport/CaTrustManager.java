package org.histods.transport;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Which certificates are believed: those that Java believes, and those in a file of the user's. Nothing turns it off. */
final class CaTrustManager extends X509ExtendedTrustManager {

    /** A certificate that is not believed, and who signed it. */
    static final class Untrusted extends CertificateException {

        private final String issuer;

        private Untrusted(String issuer, CertificateException cause) {
            super(cause.getMessage(), cause);
            this.issuer = issuer;
        }

        String issuer() {
            return issuer;
        }
    }

    private final X509ExtendedTrustManager believed;

    private CaTrustManager(X509ExtendedTrustManager believed) {
        this.believed = believed;
    }

    /**
     * @param caFile certificates in PEM form; null for none
     * @throws Problem {@code USAGE} if the file holds no certificates or cannot be read
     */
    static CaTrustManager with(@Nullable Path caFile) throws Problem {
        try {
            X509ExtendedTrustManager usual = managerOf(null);
            if (caFile == null) {
                return new CaTrustManager(usual);
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int n = 0;
            for (Certificate one : usual.getAcceptedIssuers()) {
                store.setCertificateEntry("usual-" + n++, one);
            }
            for (Certificate one : read(caFile)) {
                store.setCertificateEntry("ours-" + n++, one);
            }
            return new CaTrustManager(managerOf(store));
        } catch (GeneralSecurityException | IOException e) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "could not read the certificates that this machine trusts"
                            + (caFile == null ? "" : " or those in " + caFile) + ": " + e.getMessage(),
                    "ca-file in the configuration must name a file with one or more PEM certificates",
                    List.of(),
                    e);
        }
    }

    SSLSocketFactory sockets() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {this}, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    private static Iterable<? extends Certificate> read(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            var found = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) {
                throw new CertificateException("no certificate in it");
            }
            return found;
        }
    }

    private static X509ExtendedTrustManager managerOf(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("no trust manager for X.509"));
    }

    private static Untrusted untrusted(X509Certificate[] chain, CertificateException e) {
        String issuer = chain.length == 0
                ? "nobody"
                : chain[chain.length - 1].getIssuerX500Principal().getName();
        return new Untrusted(issuer, e);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        try {
            believed.checkServerTrusted(chain, type, socket);
        } catch (CertificateException e) {
            throw untrusted(chain, e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        try {
            believed.checkServerTrusted(chain, type, engine);
        } catch (CertificateException e) {
            throw untrusted(chain, e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        try {
            believed.checkServerTrusted(chain, type);
        } catch (CertificateException e) {
            throw untrusted(chain, e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        believed.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        believed.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        believed.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return believed.getAcceptedIssuers();
    }
}
