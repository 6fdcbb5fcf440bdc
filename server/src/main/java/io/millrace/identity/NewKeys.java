package io.millrace.identity;

import io.millrace.secret.Secrets;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.random.RandomGenerator;

/// Makes access keys. Thread-safe.
public final class NewKeys {
    private static final int ID_LETTERS = 16;
    private static final int SECRET_BYTES = 30; // 40 characters, as AWS's
    private static final int TOKEN_BYTES = 192;

    private final IdentityStore identities;
    private final Secrets secrets;
    private final RandomGenerator random;

    /// @param random must not be guessed
    public NewKeys(IdentityStore identities, Secrets secrets, RandomGenerator random) {
        this.identities = identities;
        this.secrets = secrets;
        this.random = random;
    }

    /// A key of a user. Outside of any transaction.
    public NewKey lasting() {
        return key("AKIA");
    }

    /// A key of a session. Outside of any transaction.
    public NewKey temporary() {
        return key("ASIA");
    }

    /// What has to come with requests of a session.
    public String token() {
        return "IQoJ" + random(TOKEN_BYTES);
    }

    /// A token as it is kept. Outside of any transaction.
    public byte[] sealed(NewKey key, String token) {
        byte[] plain = token.getBytes(StandardCharsets.US_ASCII);
        return secrets.seal(plain, StoredSession.tokenContext(key.id()));
    }

    private NewKey key(String prefix) {
        String id = prefix + identities.letters(ID_LETTERS);
        String secret = random(SECRET_BYTES);
        byte[] plain = secret.getBytes(StandardCharsets.US_ASCII);
        return new NewKey(id, secret, secrets.seal(plain, StoredAccessKey.context(id)));
    }

    private String random(int byteCount) {
        byte[] bytes = new byte[byteCount];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
