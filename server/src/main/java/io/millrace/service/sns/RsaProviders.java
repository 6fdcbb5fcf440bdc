package io.millrace.service.sns;

import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.Optional;
import java.util.ServiceLoader;

/// Who computes with RSA keys: [Amazon Corretto Crypto
/// Provider](https://github.com/corretto/amazon-corretto-crypto-provider), in a third of the JDK's
/// time, where its native library loads, or else the JDK. It is used as an instance, and is not
/// installed: nothing else of this JVM changes.
final class RsaProviders {
    private static final String ACCP =
            "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private RsaProviders() {}

    /// Its provider is the one that is fast with the keys that this factory makes.
    static KeyFactory fastest() throws NoSuchAlgorithmException {
        Optional<Provider> accp = accp();
        return accp.isPresent() ? of(accp.get()) : KeyFactory.getInstance("RSA");
    }

    static KeyFactory of(Provider provider) throws NoSuchAlgorithmException {
        try {
            return KeyFactory.getInstance("RSA", provider);
        } catch (NoSuchAlgorithmException _) { // its library did not load: it offers nothing
            return KeyFactory.getInstance("RSA");
        }
    }

    private static Optional<Provider> accp() {
        return ServiceLoader.load(Provider.class).stream()
                .filter(found -> found.type().getName().equals(ACCP))
                .findFirst()
                .map(ServiceLoader.Provider::get);
    }
}
