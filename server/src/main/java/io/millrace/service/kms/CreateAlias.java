package io.millrace.service.kms;

import io.millrace.api.Unit;
import io.millrace.api.kms.CreateAliasRequest;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;

/// `CreateAlias`: another name for a key. Durable when it returns. Errors:
/// `AlreadyExistsException`, `InvalidAliasNameException`, `LimitExceededException`,
/// `NotFoundException`, `KMSInvalidStateException`. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html).
final class CreateAlias implements Operation<CreateAliasRequest, Unit> {
    private final InstantSource clock;
    private final Keys keys;

    CreateAlias(InstantSource clock, Keys keys) {
        this.clock = clock;
        this.keys = keys;
    }

    @Override
    public Unit handle(Caller caller, CreateAliasRequest request) {
        String name = AliasNames.check(request.aliasName());
        long now = clock.millis();
        return keys.change(
                caller,
                request.targetKeyId(),
                KeyAction.of("CreateAlias"),
                (tx, key) -> {
                    KeyName target = key.requireAlive().name();
                    StoredAlias alias =
                            new StoredAlias(
                                    target.accountId(),
                                    target.region(),
                                    name,
                                    target.id(),
                                    now,
                                    now);
                    if (keys.findAlias(tx, target.accountId(), target.region(), name).isPresent()) {
                        throw KmsErrors.aliasExists(alias.arn());
                    }
                    if (count(tx, target) >= KmsLimits.ALIASES_MAX) {
                        throw KmsErrors.limit(
                                "A key must not have more than "
                                        + KmsLimits.ALIASES_MAX
                                        + " aliases.");
                    }
                    keys.putAlias(tx, alias);
                    return Unit.UNIT;
                });
    }

    private static int count(Snapshot snapshot, KeyName key) {
        int count = 0;
        try (Cursor cursor = snapshot.prefix(KmsKeys.aliasesOf(key))) {
            while (count < KmsLimits.ALIASES_MAX && cursor.next()) {
                count++;
            }
        }
        return count;
    }
}
