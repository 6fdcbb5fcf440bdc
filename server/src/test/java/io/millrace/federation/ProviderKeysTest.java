package io.millrace.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// Keys come from the provider itself, once for many tokens, and only over a connection that
/// somebody vouches for.
final class ProviderKeysTest {
    private static final char[] PASSWORD = "password".toCharArray();

    /// Holds questions back until it is opened.
    private record Gate(CountDownLatch arrived, CountDownLatch opened) {

        static Gate closed(int arrivals) {
            return new Gate(new CountDownLatch(arrivals), new CountDownLatch(1));
        }

        static Gate open() {
            return new Gate(new CountDownLatch(0), new CountDownLatch(0));
        }
    }

    @TempDir Path directory;
    private final AtomicInteger asked = new AtomicInteger();
    private Instant now = Instant.ofEpochSecond(1_700_000_000);
    private final ProviderKeys keys = new ProviderKeys(() -> now);
    private final Gate slow = Gate.closed(8);
    private volatile Gate gate = Gate.open();
    private volatile String set = "{\"keys\": []}";
    private @Nullable HttpServer server;

    @AfterEach
    void stop() {
        slow.opened.countDown();
        if (server != null) {
            server.stop(0);
        }
    }

    private String serve(HttpServer made, String scheme) {
        server = made;
        String url = scheme + "://localhost:" + made.getAddress().getPort();
        made.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        made.createContext(
                "/",
                exchange -> {
                    boolean keySet = exchange.getRequestURI().getPath().equals("/keys");
                    if (keySet) {
                        asked.incrementAndGet();
                    }
                    if (exchange.getRequestURI().getPath().startsWith("/slow")) {
                        pass(slow);
                    }
                    if (keySet) {
                        pass(gate);
                    }
                    String body = keySet ? set : "{\"jwks_uri\": \"" + url + "/keys\"}";
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        made.start();
        return url;
    }

    private static void pass(Gate gate) {
        gate.arrived.countDown();
        try {
            gate.opened.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static KeyPair pair(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private static String jwk(KeyPair pair, String curve, String id) {
        ECPublicKey key = (ECPublicKey) pair.getPublic();
        return "{\"kty\": \"EC\", \"crv\": \"%s\", \"kid\": \"%s\", \"x\": \"%s\", \"y\": \"%s\"}"
                .formatted(
                        curve,
                        id,
                        base64(key.getW().getAffineX()),
                        base64(key.getW().getAffineY()));
    }

    private static String base64(BigInteger number) {
        return base64(number.toByteArray());
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static WebToken token(KeyPair pair, String algorithm, String id) throws Exception {
        String header = "{\"alg\": \"" + algorithm + "\", \"kid\": \"" + id + "\"}";
        String signed =
                base64(header.getBytes(StandardCharsets.UTF_8))
                        + "."
                        + base64("{\"sub\": \"ann\"}".getBytes(StandardCharsets.UTF_8));
        Signature signature =
                Signature.getInstance("SHA" + algorithm.substring(2) + "withECDSAinP1363Format");
        signature.initSign(pair.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return WebToken.parse(signed + "." + base64(signature.sign())).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"ES256,secp256r1,P-256", "ES384,secp384r1,P-384", "ES512,secp521r1,P-521"})
    void keysOfEllipticCurvesVerify(String algorithm, String curve, String name) throws Exception {
        KeyPair pair = pair(curve);
        set = "{\"keys\": [{\"kty\": \"oct\"}, " + jwk(pair, name, "k") + "]}";
        String url = serve(HttpServer.create(anyPort(), 0), "http");

        assertThat(keys.verify(url, List.of(), token(pair, algorithm, "k"))).isTrue();
        assertThat(keys.verify(url, List.of(), token(pair(curve), algorithm, "k"))).isFalse();
    }

    @Test
    void keysAreAskedForOnceAndAgainForANewKeyThoughNotAtOnce() throws Exception {
        KeyPair first = pair("secp256r1");
        KeyPair second = pair("secp256r1");
        set = "{\"keys\": [" + jwk(first, "P-256", "1") + "]}";
        String url = serve(HttpServer.create(anyPort(), 0), "http");
        assertThat(keys.verify(url, List.of(), token(first, "ES256", "1"))).isTrue();
        assertThat(keys.verify(url, List.of(), token(first, "ES256", "1"))).isTrue();
        assertThat(asked).hasValue(1);
        set = "{\"keys\": [" + jwk(second, "P-256", "2") + "]}";

        assertThat(keys.verify(url, List.of(), token(second, "ES256", "2"))).isFalse();
        assertThat(asked).hasValue(1);
        now = now.plusSeconds(11);
        assertThat(keys.verify(url, List.of(), token(second, "ES256", "2"))).isTrue();
        assertThat(keys.verify(url, List.of(), token(first, "ES256", "1"))).isFalse();
        assertThat(asked).hasValue(2);
    }

    @Test
    void manyTokensAtOnceAskTheProviderOnce() throws Exception {
        KeyPair pair = pair("secp256r1");
        set = "{\"keys\": [" + jwk(pair, "P-256", "k") + "]}";
        String url = serve(HttpServer.create(anyPort(), 0), "http");
        WebToken token = token(pair, "ES256", "k");
        gate = Gate.closed(1);
        CountDownLatch begun = new CountDownLatch(20);
        List<Future<Boolean>> verified = new ArrayList<>();

        try (ExecutorService pods = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                verified.add(
                        pods.submit(() -> {
                            begun.countDown();
                            return keys.verify(url, List.of(), token);
                        }));
            }
            begun.await();
            gate.arrived.await();
            gate.opened.countDown();
        }

        for (Future<Boolean> each : verified) {
            assertThat(each.get()).isTrue();
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void providersThatHangDelayNoneWhoseKeysAreKnown() throws Exception {
        KeyPair pair = pair("secp256r1");
        set = "{\"keys\": [" + jwk(pair, "P-256", "k") + "]}";
        String url = serve(HttpServer.create(anyPort(), 0), "http");
        WebToken token = token(pair, "ES256", "k");
        assertThat(keys.verify(url, List.of(), token)).isTrue();
        now = now.plus(Duration.ofMinutes(16));

        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                String hanging = url + "/slow" + i;
                Future<Boolean> _ = others.submit(() -> keys.verify(hanging, List.of(), token));
            }
            slow.arrived.await();
            assertThat(keys.verify(url, List.of(), token)).isTrue();
            slow.opened.countDown();
        }
    }

    @Test
    void keysOfAProviderThatFailsAreBelievedForAnHour() throws Exception {
        KeyPair pair = pair("secp256r1");
        set = "{\"keys\": [" + jwk(pair, "P-256", "k") + "]}";
        String url = serve(HttpServer.create(anyPort(), 0), "http");
        WebToken token = token(pair, "ES256", "k");
        assertThat(keys.verify(url, List.of(), token)).isTrue();
        set = "gone";

        now = now.plus(Duration.ofMinutes(59));
        assertThat(keys.verify(url, List.of(), token)).isTrue();
        assertThat(asked).hasValue(2);
        now = now.plus(Duration.ofMinutes(2));
        FederationException silent =
                catchThrowableOfType(
                        FederationException.class, () -> keys.verify(url, List.of(), token));

        assertThat(silent.reason()).isEqualTo(FederationException.Reason.NO_KEYS);
    }

    @Test
    void aCertificateCountsByItsThumbprint() throws Exception {
        KeyPair pair = pair("secp256r1");
        set = "{\"keys\": [" + jwk(pair, "P-256", "k") + "]}";
        KeyStore store = certificate();
        HttpsServer https = HttpsServer.create(anyPort(), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(context(store)));
        String url = serve(https, "https");
        WebToken token = token(pair, "ES256", "k");
        String thumbprint =
                ThumbprintTrust.thumbprint((X509Certificate) store.getCertificate("server"));

        FederationException untrusted =
                catchThrowableOfType(
                        FederationException.class,
                        () -> keys.verify(url, List.of("0".repeat(40)), token));

        assertThat(untrusted.reason()).isEqualTo(FederationException.Reason.UNTRUSTED);
        assertThat(keys.verify(url, List.of(thumbprint), token)).isTrue();
    }

    private KeyStore certificate() throws Exception {
        Path file = directory.resolve("server.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "server",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "san=dns:localhost",
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                new String(PASSWORD),
                                "-keystore",
                                file.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static SSLContext context(KeyStore store) throws Exception {
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    @ParameterizedTest
    @CsvSource({
        "https://idp.example.com/a,true",
        "http://localhost:8080/realm,true",
        "http://127.0.0.1,true",
        "http://idp.example.com,false",
        "http://10.0.0.1,false",
        "https://user@idp.example.com,false",
        "https://idp.example.com/?q=1,false",
        "file:///etc/passwd,false",
        "idp.example.com,false"
    })
    void providersAreAskedOverHttps(String url, boolean allowed) {
        assertThat(ProviderKeys.isAddress(url)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "https://idp.example.com/keys?p=sign-in,https://idp.example.com,true",
        "https://keys.example.com,https://idp.example.com,true",
        "http://localhost:8080/keys,https://idp.example.com,false",
        "http://localhost:8080/keys?p=1,http://localhost:8080,true",
        "http://10.0.0.1/keys,http://localhost:8080,false",
        "https://user@idp.example.com,https://idp.example.com,false"
    })
    void keysComeOverHttpsFromAProviderThatIsAskedOverHttps(
            String url, String provider, boolean allowed) {
        assertThat(ProviderKeys.isAddressOfKeys(url, provider)).isEqualTo(allowed);
    }
}
