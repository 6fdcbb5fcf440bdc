package io.millrace.app;

import io.millrace.http.TlsOptions;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;

/// A certificate that signs itself, for `--tls-generated`: `tls.pem` and `tls.key` in the data
/// directory, made once by the JDK's `keytool`. Clients have to be told to trust it.
final class GeneratedCertificate {
    static final String CERTIFICATE = "tls.pem";
    static final String KEY = "tls.key";
    private static final String PASSWORD = "millrace"; // of a file that is deleted at once
    private static final String ALIAS = "server";
    private static final String DAYS = "3650";
    private static final int LINE_CHARACTERS = 64;

    private GeneratedCertificate() {}

    static TlsOptions findOrMake(Path data, String host) throws StartException {
        TlsOptions files = new TlsOptions(data.resolve(CERTIFICATE), data.resolve(KEY));
        if (Files.exists(files.certificate()) && Files.exists(files.key())) {
            return files;
        }
        try {
            Files.createDirectories(data);
            Path store = data.resolve("tls.part.p12");
            Files.deleteIfExists(store);
            try {
                keytool(store, names(host));
                write(store, files);
            } finally {
                Files.deleteIfExists(store);
            }
            return files;
        } catch (IOException | GeneralSecurityException e) {
            throw new StartException("cannot make a certificate: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted", e);
        }
    }

    private static Set<String> names(String host) {
        Set<String> names = new LinkedHashSet<>();
        names.add("dns:localhost");
        names.add("dns:*.localhost");
        names.add("ip:127.0.0.1");
        names.add("ip:::1");
        boolean address = host.matches("[0-9.]+") || host.contains(":");
        if (!host.equals("0.0.0.0") && !host.equals("::")) {
            names.add((address ? "ip:" : "dns:") + host);
        }
        String machine = System.getenv("HOSTNAME");
        if (machine != null && machine.matches("[A-Za-z][A-Za-z0-9.-]*")) {
            names.add("dns:" + machine);
        }
        return names;
    }

    private static void keytool(Path store, Set<String> names)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                ALIAS,
                                "-keyalg",
                                "EC",
                                "-groupname",
                                "secp256r1",
                                "-validity",
                                DAYS,
                                "-dname",
                                "CN=Millrace",
                                "-ext",
                                "san=" + String.join(",", names),
                                "-ext",
                                "bc:critical=ca:true,pathlen:0",
                                "-ext",
                                "ku:critical=digitalSignature,keyCertSign",
                                "-ext",
                                "eku=serverAuth",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool says: " + said.strip());
        }
    }

    private static void write(Path store, TlsOptions files)
            throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        byte[] key = keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded();
        byte[] certificate = keys.getCertificate(ALIAS).getEncoded();
        write(files.key(), pem("PRIVATE KEY", key), "rw-------");
        write(files.certificate(), pem("CERTIFICATE", certificate), "rw-r--r--");
    }

    private static void write(Path file, String text, String mode) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(part);
        Files.createFile(
                part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
        Files.writeString(part, text);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String pem(String what, byte[] der) {
        String text = Base64.getMimeEncoder(LINE_CHARACTERS, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }
}
