package io.millrace.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Eventually;
import io.millrace.FaultyStore;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Store;
import io.millrace.secret.MasterKey;
import io.millrace.secret.Secrets;
import io.millrace.wire.Credential;
import io.millrace.wire.Identity;
import io.millrace.wire.Ids;
import io.millrace.wire.PrincipalType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

class StoredIdentitiesTest {
    private static final String ACCOUNT = "000000000000";
    private static final String DOCUMENT =
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}\
            """;
    private static final String MASTER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final Credential ROOT = new Credential("ROOT", "secret", null);

    private final Store store = new MemoryStore();
    private final Random random = new Random(7);
    private final IdentityStore identities = new IdentityStore(store, new Ids(random));
    private Instant now = Instant.parse("2026-03-04T05:06:07Z");
    private final Sessions sessions = new Sessions(store, () -> now);
    private final LastUses lastUses = new LastUses(store, () -> now);
    private final Secrets secrets =
            new Secrets(store, random, MasterKey.of(MASTER_KEY, Path.of("none")));
    private final NewKeys newKeys = new NewKeys(identities, secrets, random);
    private final StoredIdentities holders =
            new StoredIdentities(List.of(ROOT), false, identities, sessions, secrets, lastUses);

    private StoredPrincipal put(@Nullable StoredPrincipal before, StoredPrincipal after) {
        return identities.write(tx -> {
            identities.put(tx, ACCOUNT, before, after);
            return after;
        });
    }

    private StoredPrincipal user(String name) {
        return StoredPrincipal.of(
                Kind.USER, name, "/", identities.newId(Kind.USER), now.toEpochMilli());
    }

    private NewKey keyOf(StoredPrincipal user) {
        NewKey key = newKeys.lasting();
        identities.write(tx -> {
            identities.putAccessKey(
                    tx, new StoredAccessKey(key.id(), ACCOUNT, user.name(), key.sealed(), true, 0));
            identities.put(tx, ACCOUNT, user, user.withAccessKeys(List.of(key.id())));
            return key;
        });
        return key;
    }

    private Identity holder(String key) {
        return Objects.requireNonNull(holders.holder(key));
    }

    @Test
    void theKeysOfTheConfigurationComeFirstAndNobodyHoldsOthers() {
        assertThat(holder("ROOT").type()).isEqualTo(PrincipalType.ACCOUNT);
        assertThat(holders.holder("test")).isNull();
        assertThat(holders.holder("AKIAAAAAAAAAAAAAAAAA")).isNull();
        assertThat(holders.holder("ASIAAAAAAAAAAAAAAAAA")).isNull();
    }

    @Test
    void aChangeCountsWithItsCommit() {
        StoredPrincipal before = put(null, user("ann").withTags(Map.of("Team", "blue")));
        NewKey key = keyOf(before);
        StoredPrincipal ann = before.withAccessKeys(List.of(key.id()));

        Identity found = holder(key.id());
        assertThat(found.credential().secretAccessKey()).isEqualTo(key.secret());
        assertThat(found.arn()).isEqualTo("arn:aws:iam::000000000000:user/ann");
        assertThat(found.context())
                .containsEntry("aws:username", List.of("ann"))
                .containsEntry("aws:principaltag/team", List.of("blue"));
        assertThat(found.permissions().policies()).isEmpty();
        assertThat(holder(key.id())).isSameAs(found);

        StoredPrincipal granted = put(ann, ann.withInlinePolicies(Map.of("p", DOCUMENT)));
        assertThat(holder(key.id()).permissions().policies()).containsExactly(DOCUMENT);

        StoredPrincipal group =
                StoredPrincipal.of(Kind.GROUP, "admins", "/", "AGPA", 0)
                        .withAttachedPolicies(
                                List.of("arn:aws:iam::aws:policy/AdministratorAccess"));
        put(null, group);
        StoredPrincipal member = put(granted, granted.withGroups(List.of("admins")));
        assertThat(holder(key.id()).permissions().policies()).hasSize(2);

        put(member, member.named("anna", "/team/"));
        assertThat(holder(key.id()).arn()).isEqualTo("arn:aws:iam::000000000000:user/team/anna");

        identities.write(tx -> {
            identities.removeAccessKey(tx, key.id());
            return key;
        });
        assertThat(holders.holder(key.id())).isNull();
    }

    private StoredSession session(StoredPrincipal role, @Nullable List<String> policies) {
        NewKey key = newKeys.temporary();
        StoredSession session =
                new StoredSession(
                        key.id(),
                        ACCOUNT,
                        PrincipalType.ASSUMED_ROLE,
                        role.id(),
                        role.name(),
                        "s1",
                        key.sealed(),
                        newKeys.sealed(key, "token"),
                        now.toEpochMilli(),
                        now.plusSeconds(3600).toEpochMilli(),
                        policies,
                        new TreeMap<>(Map.of("team", "green")),
                        List.of(),
                        "ann",
                        false,
                        null,
                        Map.of("aws:federatedprovider", List.of("arn:p")));
        sessions.put(session);
        return session;
    }

    @Test
    void aSessionEndsWithItsRoleAndIsForgottenADayAfterItsTime() {
        StoredPrincipal role =
                put(
                        null,
                        StoredPrincipal.of(Kind.ROLE, "worker", "/path/", "AROA", 0)
                                .withTraits(new RoleTraits("{}", null, 3600, null))
                                .withTags(Map.of("Team", "blue")));
        StoredSession first = session(role, List.of(DOCUMENT));
        Identity found = holder(first.accessKeyId());

        assertThat(found.arn()).isEqualTo("arn:aws:sts::000000000000:assumed-role/worker/s1");
        assertThat(found.userId()).isEqualTo("AROA:s1");
        assertThat(found.credential().expiresAt()).isEqualTo(now.plusSeconds(3600));
        assertThat(found.permissions().sessionPolicies()).containsExactly(DOCUMENT);
        assertThat(found.context())
                .containsEntry("aws:principaltag/team", List.of("green"))
                .containsEntry("aws:sourceidentity", List.of("ann"))
                .containsEntry(
                        "aws:principalarn", List.of("arn:aws:iam::000000000000:role/path/worker"))
                .doesNotContainKey("aws:username");

        now = now.plus(Duration.ofHours(24));
        assertThat(sessions.sweep()).isTrue();
        assertThat(holders.holder(first.accessKeyId())).isNotNull();
        now = now.plus(Duration.ofHours(2));
        StoredSession second = session(role, null);
        assertThat(sessions.sweep()).isTrue();
        assertThat(holders.holder(first.accessKeyId())).isNotNull(); // from memory, expired
        boolean kept = identities.read(s -> sessions.find(s, first.accessKeyId()).isPresent());
        assertThat(kept).isFalse();
        assertThat(holder(second.accessKeyId()).permissions().sessionPolicies()).isNull();

        identities.write(tx -> {
            identities.put(tx, ACCOUNT, role, null);
            return role;
        });
        assertThat(holders.holder(second.accessKeyId())).isNull();
    }

    @Test
    void usesAreKeptWhenTheServerStops() {
        NewKey key = keyOf(put(null, user("bob")));
        lastUses.start();

        holders.used(holder(key.id()), "sqs", "eu-west-1");
        now = now.plusSeconds(2);
        holders.used(holder(key.id()), "sns", "eu-west-1");
        lastUses.close();

        assertThat(new LastUses(store, () -> now).of(key.id()))
                .isEqualTo(new LastUse(now.toEpochMilli(), "sns", "eu-west-1"));
    }

    @Test
    void aFaultOfTheLastWriteDoesNotReachWhoCloses() {
        FaultyStore faulty = new FaultyStore(store);
        LastUses uses = new LastUses(faulty, () -> now);
        uses.note("AKIAFIRST", "sqs", "eu-west-1");
        faulty.failWrites(1);

        uses.close();

        assertThat(new LastUses(store, () -> now).of("AKIAFIRST")).isNull();
    }

    @Test
    void aFaultOfTheWriterLosesOneUseAndNotThoseThatFollow() {
        FaultyStore faulty = new FaultyStore(store);
        faulty.failWrites(1);
        try (LastUses uses = new LastUses(faulty, () -> now, Duration.ofMillis(1))) {
            uses.start();
            uses.note("AKIAFIRST", "sqs", "eu-west-1");
            uses.note("AKIASECOND", "sqs", "eu-west-1");

            Eventually.see(
                    "a use in the store",
                    () -> new LastUses(store, () -> now).of("AKIASECOND"),
                    Objects::nonNull);
        }
    }
}
