package org.histods.transport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.histods.problem.Problem;

/** Trusts the certificates that Java trusts and those in the user's files. Nothing turns the check off. */
final class CaTrustManager extends X509ExtendedTrustManager {

    /**
     * Why a certificate is not trusted.
     *
     * @param text completes "HOST …"
     * @param hint what the user can do
     */
    record Fault(String text, String hint) {}

    /** A certificate that is not trusted. */
    static final class UntrustedException extends CertificateException {

        private static final long serialVersionUID = 1L;
        private final transient Fault fault;

        private UntrustedException(Fault fault, CertificateException cause) {
            super(cause.getMessage(), cause);
            this.fault = fault;
        }

        Fault fault() {
            return fault;
        }
    }

    /** What a host's certificate is checked for. */
    private interface Check {
        void run() throws CertificateException;
    }

    private static final String ELSEWHERE = "use another network, or download the file elsewhere and pull again with"
            + " --from FILE. Certificates are never ignored";

    private final X509ExtendedTrustManager trusted;

    private CaTrustManager(X509ExtendedTrustManager trusted) {
        this.trusted = trusted;
    }

    /**
     * Reads the user's files once.
     *
     * @param caFiles files, or folders of files, with certificates in PEM form
     * @param listener receives a notice about each file that cannot be read and is not required
     * @throws Problem {@code USAGE} if a required file cannot be read or contains no certificate
     */
    static Set<Certificate> read(List<CaFile> caFiles, TransportListener listener) throws Problem {
        // Several variables often name one file.
        Set<Certificate> added = new LinkedHashSet<>();
        Set<Path> seen = new HashSet<>();
        for (CaFile file : caFiles) {
            if (seen.add(file.path())) {
                added.addAll(read(file, listener));
            }
        }
        return added;
    }

    /**
     * Reads what Java trusts, which takes a tenth of a second.
     *
     * @param added certificates that are trusted as well
     * @throws Problem {@code USAGE} if what Java trusts cannot be read
     */
    static CaTrustManager with(Set<Certificate> added) throws Problem {
        try {
            X509ExtendedTrustManager builtIn = managerOf(null);
            if (added.isEmpty()) {
                return new CaTrustManager(builtIn);
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int n = 0;
            for (Certificate one : builtIn.getAcceptedIssuers()) {
                store.setCertificateEntry("built-in-" + n++, one);
            }
            for (Certificate one : added) {
                store.setCertificateEntry("added-" + n++, one);
            }
            return new CaTrustManager(managerOf(store));
        } catch (GeneralSecurityException | IOException e) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "cannot read the certificates that Java trusts: " + e.getMessage(),
                    "check the Java installation",
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

    private static List<Certificate> read(CaFile file, TransportListener listener) throws Problem {
        String why;
        try {
            List<Certificate> found = new ArrayList<>();
            if (Files.isDirectory(file.path())) {
                try (Stream<Path> entries = Files.list(file.path())) {
                    for (Path entry :
                            entries.filter(Files::isRegularFile).sorted().toList()) {
                        found.addAll(certificates(entry));
                    }
                }
            } else {
                found.addAll(certificates(file.path()));
            }
            if (!found.isEmpty()) {
                return found;
            }
            why = "it contains no certificate in PEM form";
        } catch (IOException e) {
            why = Problem.why(e);
        } catch (CertificateException e) {
            why = "it does not contain certificates in PEM form";
        }
        String message =
                "cannot read the CA certificates in " + file.path() + ", named by " + file.origin() + ": " + why;
        if (file.required()) {
            throw new Problem(
                    Problem.Kind.USAGE, message, file.origin() + " must name a file with one or more PEM certificates");
        }
        listener.notice(message);
        return List.of();
    }

    private static Collection<? extends Certificate> certificates(Path file) throws IOException, CertificateException {
        // In one piece: the factory reads byte by byte.
        InputStream in = new ByteArrayInputStream(Files.readAllBytes(file));
        return CertificateFactory.getInstance("X.509").generateCertificates(in);
    }

    private static X509ExtendedTrustManager managerOf(@org.jspecify.annotations.Nullable KeyStore store)
            throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("no trust manager for X.509"));
    }

    /** Java trusts a certificate that is itself in a CA file without looking at its dates. */
    private static void check(X509Certificate[] chain, Check trust) throws CertificateException {
        try {
            if (chain.length > 0) {
                chain[0].checkValidity();
            }
            trust.run();
        } catch (CertificateException e) {
            throw new UntrustedException(fault(chain, e), e);
        }
    }

    private static Fault fault(X509Certificate[] chain, CertificateException e) {
        if (chain.length == 0) {
            return new Fault("sent no certificate", ELSEWHERE);
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            Object reason = cause instanceof CertPathValidatorException path ? path.getReason() : null;
            if (cause instanceof CertificateExpiredException || reason == BasicReason.EXPIRED) {
                return new Fault(
                        "has a certificate that expired on "
                                + day(Arrays.stream(chain)
                                        .map(X509Certificate::getNotAfter)
                                        .min(Date::compareTo)
                                        .orElseThrow()),
                        "check this machine's clock; if it is right, the host must renew its certificate: try later, or "
                                + ELSEWHERE);
            }
            if (cause instanceof CertificateNotYetValidException || reason == BasicReason.NOT_YET_VALID) {
                return new Fault(
                        "has a certificate that is not valid before "
                                + day(Arrays.stream(chain)
                                        .map(X509Certificate::getNotBefore)
                                        .max(Date::compareTo)
                                        .orElseThrow()),
                        "check this machine's clock; if it is right, try later, or " + ELSEWHERE);
            }
        }
        X509Certificate last = chain[chain.length - 1];
        String issuer = last.getIssuerX500Principal().getName();
        boolean selfSigned = chain.length == 1 && last.getSubjectX500Principal().equals(last.getIssuerX500Principal());
        return new Fault(
                "has a certificate that this machine does not trust, issued by " + issuer
                        + (selfSigned ? " (self-signed)" : ""),
                "if your network inspects TLS, name its CA certificate (PEM) as ca-file in the settings file or in"
                        + " SSL_CERT_FILE; otherwise " + ELSEWHERE);
    }

    private static String day(Date date) {
        return date.toInstant().atZone(ZoneOffset.UTC).toLocalDate().toString();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain, () -> trusted.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain, () -> trusted.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain, () -> trusted.checkServerTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        trusted.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        trusted.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        trusted.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trusted.getAcceptedIssuers();
    }
}
