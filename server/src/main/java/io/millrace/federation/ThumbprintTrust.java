package io.millrace.federation;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// Trusts whom the JDK's authorities vouch for; and chains whose last certificate has one of the
/// thumbprints, which is then the authority. Source: [obtaining the
/// thumbprint](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html).
final class ThumbprintTrust implements X509TrustManager {
    private static final X509Certificate[] NONE = {};

    private final Set<String> thumbprints;

    ThumbprintTrust(List<String> thumbprints) {
        this.thumbprints =
                thumbprints.stream()
                        .map(each -> each.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        try {
            X509Certificate top = chain[chain.length - 1];
            if (thumbprints.contains(thumbprint(top))) {
                KeyStore only = KeyStore.getInstance(KeyStore.getDefaultType());
                only.load(null, null);
                only.setCertificateEntry("top", top);
                manager(only).checkServerTrusted(chain, authType);
            } else {
                manager(null).checkServerTrusted(chain, authType);
            }
        } catch (CertificateException e) {
            throw e;
        } catch (GeneralSecurityException | IOException e) {
            throw new CertificateException(e);
        }
    }

    static String thumbprint(X509Certificate certificate) throws GeneralSecurityException {
        byte[] sum = MessageDigest.getInstance("SHA-1").digest(certificate.getEncoded());
        return HexFormat.of().formatHex(sum);
    }

    /// @param authorities null for the JDK's
    private static X509TrustManager manager(@Nullable KeyStore authorities)
            throws GeneralSecurityException {
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw new CertificateException("there are no clients");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return NONE;
    }
}
