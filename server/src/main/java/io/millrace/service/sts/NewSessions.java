package io.millrace.service.sts;

import io.millrace.api.sts.Credentials;
import io.millrace.identity.NewKey;
import io.millrace.identity.NewKeys;
import io.millrace.identity.Sessions;
import io.millrace.identity.StoredSession;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/// Begins sessions: makes their keys, and keeps them before anyone is told. Thread-safe.
final class NewSessions {

    /// A session that was begun, and the credentials that are told once.
    record Made(StoredSession session, Credentials credentials) {}

    private final NewKeys newKeys;
    private final Sessions sessions;
    private final InstantSource clock;

    NewSessions(NewKeys newKeys, Sessions sessions, InstantSource clock) {
        this.newKeys = newKeys;
        this.sessions = sessions;
        this.clock = clock;
    }

    /// @param wanted without keys and times
    Made make(StoredSession wanted, int seconds) {
        NewKey key = newKeys.temporary();
        String token = newKeys.token();
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant expiresAt = now.plusSeconds(seconds);
        StoredSession session =
                wanted.begun(
                        key,
                        newKeys.sealed(key, token),
                        now.toEpochMilli(),
                        expiresAt.toEpochMilli());
        sessions.put(session);
        return new Made(session, new Credentials(key.id(), key.secret(), token, expiresAt));
    }
}
