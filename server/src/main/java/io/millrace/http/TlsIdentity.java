package io.millrace.http;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/// Certificate and key of a server, read again when their files have changed: each handshake looks
/// at the files' times. Files that cannot be used, as while they are being replaced, leave what was
/// read before. Thread-safe.
final class TlsIdentity extends X509ExtendedKeyManager {
    private static final String ALIAS = "server";
    private static final System.Logger LOG = System.getLogger(TlsIdentity.class.getName());
    private static final Pattern PEM_KEY =
            Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([^-]+)-----END");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");
    private static final byte[] PROBE = {1, 2, 3};

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Loaded(X509Certificate[] chain, PrivateKey key, String stamp) {}

    private final TlsOptions options;
    private volatile Loaded loaded;
    private volatile String refusedStamp = "";

    /// @throws TlsException when the files cannot be used
    TlsIdentity(TlsOptions options) {
        this.options = options;
        this.loaded = load(options, stamp());
    }

    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {this}, null, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    private Loaded current() {
        Loaded known = loaded;
        String now = stamp();
        if (now.equals(known.stamp()) || now.equals(refusedStamp)) {
            return known;
        }
        try {
            known = load(options, now);
            loaded = known;
            LOG.log(System.Logger.Level.INFO, "the certificate was read again");
        } catch (TlsException e) {
            refusedStamp = now;
            LOG.log(System.Logger.Level.WARNING, "the old certificate stays: " + e.getMessage());
        }
        return known;
    }

    /// What changes when a file does.
    private String stamp() {
        try {
            return Files.getLastModifiedTime(options.certificate())
                    + " "
                    + Files.size(options.certificate())
                    + " "
                    + Files.getLastModifiedTime(options.key())
                    + " "
                    + Files.size(options.key());
        } catch (IOException e) {
            return "unreadable: " + e.getMessage();
        }
    }

    private static Loaded load(TlsOptions options, String stamp) {
        X509Certificate[] chain = chain(options.certificate());
        PrivateKey key = key(options.key());
        if (!fit(new KeyPair(chain[0].getPublicKey(), key))) {
            throw new TlsException(
                    "the key in "
                            + options.key()
                            + " is not that of the first certificate in "
                            + options.certificate());
        }
        return new Loaded(chain, key, stamp);
    }

    private static X509Certificate[] chain(Path file) {
        try {
            X509Certificate[] chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(
                                    new ByteArrayInputStream(Files.readAllBytes(file)))
                            .toArray(new X509Certificate[0]);
            if (chain.length > 0) {
                return chain;
            }
        } catch (IOException e) {
            throw new TlsException("cannot read " + file + ": " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new TlsException(file + " holds no certificate in PEM", e);
        }
        throw new TlsException(file + " holds no certificate in PEM");
    }

    private static PrivateKey key(Path file) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new TlsException("cannot read " + file + ": " + e.getMessage(), e);
        }
        Matcher matcher = PEM_KEY.matcher(text);
        if (!matcher.find()) {
            throw new TlsException(file + " holds no private key in PEM");
        }
        if (!matcher.group(1).isEmpty()) {
            throw new TlsException(
                    file
                            + " holds a key as "
                            + matcher.group(1).strip().toLowerCase(Locale.ROOT)
                            + "; make it PKCS #8: openssl pkcs8 -topk8 -nodes -in OLD -out NEW");
        }
        byte[] encoded = Base64.getMimeDecoder().decode(matcher.group(2));
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException _) {
                // of another algorithm
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e); // every Java has them
            }
        }
        throw new TlsException(file + " holds a key that is none of " + ALGORITHMS);
    }

    private static boolean fit(KeyPair pair) {
        PublicKey open = pair.getPublic();
        String algorithm =
                switch (pair.getPrivate().getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "Ed25519";
                };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(pair.getPrivate());
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    @Override
    public String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyType);
    }

    @Override
    public String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyType);
    }

    @SuppressWarnings("NullAway") // the interface's way to say that there is none
    private String choose(String keyType) {
        String algorithm = current().chain()[0].getPublicKey().getAlgorithm();
        return keyType.equals(algorithm) ? ALIAS : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return loaded.chain().clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return loaded.key();
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    @SuppressWarnings("NullAway") // this is no client
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    @SuppressWarnings("NullAway") // this is no client
    public String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
