package io.millrace.service.kms;

import io.millrace.engine.Snapshot;
import io.millrace.secret.CustomerKeys;
import io.millrace.wire.ServiceException;

import java.util.Optional;

/// Tells other services whether a key may be used to encrypt what is theirs. The key of a service
/// always may, whether it was made yet or not.
record KeyStates(Keys keys) implements CustomerKeys {

    @Override
    public Answer find(Snapshot snapshot, String accountId, String region, String keyId) {
        try {
            Optional<KeyName> name = keys.named(snapshot, accountId, region, keyId);
            if (name.isEmpty()) {
                return new Answer(State.ENABLED, null, "");
            }
            return answer(keys.require(snapshot, name.get()));
        } catch (ServiceException e) {
            return new Answer(State.NOT_FOUND, null, e.message());
        }
    }

    private static Answer answer(StoredKey key) {
        State state =
                switch (key.state()) {
                    case "Enabled" ->
                            key.spec() == KeySpec.SYMMETRIC_DEFAULT
                                    ? State.ENABLED
                                    : State.INVALID_USAGE;
                    case "Disabled" -> State.DISABLED;
                    default -> State.INVALID_STATE;
                };
        return new Answer(state, key.arn(), message(key, state));
    }

    private static String message(StoredKey key, State state) {
        if (state == State.INVALID_USAGE) {
            return KmsErrors.spec(key).message();
        }
        try {
            key.requireEnabled();
            return "";
        } catch (ServiceException e) {
            return e.message();
        }
    }
}
