package io.millrace.service.iam;

import io.millrace.api.Unit;
import io.millrace.api.iam.AccessKey;
import io.millrace.api.iam.AccessKeyLastUsed;
import io.millrace.api.iam.AccessKeyMetadata;
import io.millrace.api.iam.CreateAccessKeyRequest;
import io.millrace.api.iam.CreateAccessKeyResponse;
import io.millrace.api.iam.DeleteAccessKeyRequest;
import io.millrace.api.iam.GetAccessKeyLastUsedRequest;
import io.millrace.api.iam.GetAccessKeyLastUsedResponse;
import io.millrace.api.iam.ListAccessKeysRequest;
import io.millrace.api.iam.ListAccessKeysResponse;
import io.millrace.api.iam.UpdateAccessKeyRequest;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.Kind;
import io.millrace.identity.LastUse;
import io.millrace.identity.LastUses;
import io.millrace.identity.NewKey;
import io.millrace.identity.NewKeys;
import io.millrace.identity.StoredAccessKey;
import io.millrace.identity.StoredPrincipal;
import io.millrace.wire.Caller;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// `CreateAccessKey`, whose answer alone tells the secret, `ListAccessKeys`, `UpdateAccessKey`,
/// `DeleteAccessKey` and `GetAccessKeyLastUsed`. Errors: `LimitExceeded`, `NoSuchEntity`. Source:
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html).
final class AccessKeys {
    private static final String ACTIVE = "Active";
    private static final String INACTIVE = "Inactive";
    private static final String UNKNOWN = "N/A";

    private final Entities entities;
    private final InstantSource clock;
    private final NewKeys newKeys;
    private final LastUses lastUses;

    AccessKeys(Entities entities, InstantSource clock, NewKeys newKeys, LastUses lastUses) {
        this.entities = entities;
        this.clock = clock;
        this.newKeys = newKeys;
        this.lastUses = lastUses;
    }

    CreateAccessKeyResponse create(Caller caller, CreateAccessKeyRequest request) {
        String userName = Entities.userName(caller, request.userName());
        NewKey made = newKeys.lasting();
        long now = clock.millis();
        String owner = entities.identities().write(tx -> create(tx, caller, userName, made, now));
        return new CreateAccessKeyResponse(
                AccessKey.builder()
                        .userName(owner)
                        .accessKeyId(made.id())
                        .status(ACTIVE)
                        .secretAccessKey(made.secret())
                        .createDate(Instant.ofEpochMilli(now))
                        .build());
    }

    private String create(Transaction tx, Caller caller, String userName, NewKey made, long now) {
        IdentityStore identities = entities.identities();
        StoredPrincipal user = entities.require(tx, caller, Kind.USER, userName);
        if (user.accessKeys().size() >= IamLimits.ACCESS_KEYS_PER_USER_MAX) {
            throw IamErrors.quota("AccessKeysPerUser", IamLimits.ACCESS_KEYS_PER_USER_MAX);
        }
        identities.putAccessKey(
                tx,
                new StoredAccessKey(
                        made.id(), caller.accountId(), user.name(), made.sealed(), true, now));
        identities.put(
                tx,
                caller.accountId(),
                user,
                user.withAccessKeys(StoredPrincipal.with(user.accessKeys(), made.id())));
        return user.name();
    }

    ListAccessKeysResponse list(Caller caller, ListAccessKeysRequest request) {
        String userName = Entities.userName(caller, request.userName());
        List<AccessKeyMetadata> keys =
                entities.identities().read(snapshot -> keys(snapshot, caller, userName));
        ListPage<AccessKeyMetadata> page =
                ListPage.of(
                        keys,
                        key -> String.valueOf(key.accessKeyId()),
                        request.marker(),
                        request.maxItems());
        return new ListAccessKeysResponse(page.items(), page.isTruncated(), page.marker());
    }

    private List<AccessKeyMetadata> keys(Snapshot snapshot, Caller caller, String userName) {
        StoredPrincipal user = entities.require(snapshot, caller, Kind.USER, userName);
        return user.accessKeys().stream()
                .flatMap(id -> entities.identities().accessKey(snapshot, id).stream())
                .map(key ->
                        AccessKeyMetadata.builder()
                                .userName(key.userName())
                                .accessKeyId(key.id())
                                .status(key.active() ? ACTIVE : INACTIVE)
                                .createDate(Instant.ofEpochMilli(key.createdMillis()))
                                .build())
                .toList();
    }

    Unit update(Caller caller, UpdateAccessKeyRequest request) {
        if (request.status().equals("Expired")) {
            throw IamErrors.invalidInput("The status Expired cannot be set.");
        }
        String userName = Entities.userName(caller, request.userName());
        IdentityStore identities = entities.identities();
        return identities.write(tx -> {
            StoredAccessKey key = require(tx, caller, userName, request.accessKeyId());
            identities.putAccessKey(tx, key.withActive(request.status().equals(ACTIVE)));
            return Unit.UNIT;
        });
    }

    Unit delete(Caller caller, DeleteAccessKeyRequest request) {
        String userName = Entities.userName(caller, request.userName());
        IdentityStore identities = entities.identities();
        return identities.write(tx -> {
            StoredAccessKey key = require(tx, caller, userName, request.accessKeyId());
            StoredPrincipal user = entities.require(tx, caller, Kind.USER, userName);
            identities.removeAccessKey(tx, key.id());
            identities.put(
                    tx,
                    caller.accountId(),
                    user,
                    user.withAccessKeys(StoredPrincipal.without(user.accessKeys(), key.id())));
            return Unit.UNIT;
        });
    }

    private StoredAccessKey require(
            Snapshot snapshot, Caller caller, String userName, String accessKeyId) {
        StoredPrincipal user = entities.require(snapshot, caller, Kind.USER, userName);
        if (!user.accessKeys().contains(accessKeyId)) {
            throw IamErrors.accessKeyNotFound(accessKeyId);
        }
        return entities.identities()
                .accessKey(snapshot, accessKeyId)
                .orElseThrow(() -> IamErrors.accessKeyNotFound(accessKeyId));
    }

    /// What is told is exact for what this server saw since it started.
    GetAccessKeyLastUsedResponse lastUsed(Caller caller, GetAccessKeyLastUsedRequest request) {
        StoredAccessKey key =
                entities.identities()
                        .read(snapshot ->
                                entities.identities().accessKey(snapshot, request.accessKeyId()))
                        .filter(each -> each.accountId().equals(caller.accountId()))
                        .orElseThrow(() -> IamErrors.accessKeyNotFound(request.accessKeyId()));
        LastUse use = lastUses.of(key.id());
        AccessKeyLastUsed told =
                AccessKeyLastUsed.builder()
                        .lastUsedDate(use == null ? null : Instant.ofEpochMilli(use.millis()))
                        .serviceName(use == null ? UNKNOWN : use.service())
                        .region(use == null ? UNKNOWN : use.region())
                        .build();
        return new GetAccessKeyLastUsedResponse(key.userName(), told);
    }
}
