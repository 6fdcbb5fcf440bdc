package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;

final class RsaProvidersTest {

    @Test
    void theNativeLibraryIsUsedWhereItIsOnTheClassPath() throws Exception {
        boolean there =
                getClass().getResource("/com/amazon/corretto/crypto/provider/RsaCipher.class")
                        != null;

        String used = RsaProviders.fastest().getProvider().getName();

        assertThat(used).isEqualTo(there ? "AmazonCorrettoCryptoProvider" : "SunRsaSign");
        assertThat(Security.getProvider("AmazonCorrettoCryptoProvider")).isNull();
    }

    @Test
    void whereTheLibraryDoesNotLoadTheJdkComputes() throws Exception {
        Provider nothing =
                new Provider("Nothing", "1", "offers nothing") {
                    private static final long serialVersionUID = 1L;
                };

        assertThat(RsaProviders.of(nothing).getProvider().getName()).isEqualTo("SunRsaSign");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA1withRSA", "SHA256withRSA"})
    void allMakeTheSameSignature(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        byte[] key = generator.generateKeyPair().getPrivate().getEncoded();

        byte[] made = sign(algorithm, RsaProviders.fastest(), key);

        assertThat(made).isEqualTo(sign(algorithm, KeyFactory.getInstance("RSA"), key));
    }

    private static byte[] sign(String algorithm, KeyFactory factory, byte[] key) throws Exception {
        PrivateKey privateKey = factory.generatePrivate(new PKCS8EncodedKeySpec(key));
        Signature signer = Signature.getInstance(algorithm, factory.getProvider());
        signer.initSign(privateKey);
        signer.update("text".getBytes(StandardCharsets.UTF_8));
        return signer.sign();
    }
}
