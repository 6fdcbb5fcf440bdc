package io.millrace.service.sns;

import io.millrace.api.sns.CheckIfPhoneNumberIsOptedOutInput;
import io.millrace.api.sns.CheckIfPhoneNumberIsOptedOutResponse;
import io.millrace.api.sns.ListPhoneNumbersOptedOutInput;
import io.millrace.api.sns.ListPhoneNumbersOptedOutResponse;
import io.millrace.api.sns.OptInPhoneNumberInput;
import io.millrace.api.sns.OptInPhoneNumberResponse;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.notification.InboundText;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;

/// Numbers that want no more text messages from an account in a region:
/// `CheckIfPhoneNumberIsOptedOut`, `ListPhoneNumbersOptedOut`, `OptInPhoneNumber`, and what their
/// owners reply. Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_OptInPhoneNumber.html).
final class OptOuts implements InboundText.Receiver {

    /// @param optedOut whether it wants nothing now
    /// @param optedInMillis when the account opted it in; null for never
    record OptOut(String number, boolean optedOut, @Nullable Long optedInMillis) {}

    private static final ResourceCodec<OptOut> CODEC = new ResourceCodec<>(OptOut.class);

    private final Store store;
    private final InstantSource clock;

    OptOuts(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /// @param number as [PhoneNumbers#normal] has it
    static boolean contains(Snapshot snapshot, String accountId, String region, String number) {
        OptOut found = CODEC.decodeOrNull(snapshot.get(SnsKeys.optOut(accountId, region, number)));
        return found != null && found.optedOut;
    }

    @Override
    public void optOut(String accountId, String region, String number, boolean optedOut) {
        put(store, accountId, region, number, optedOut);
    }

    /// Durable when it returns.
    static void put(Store store, String accountId, String region, String number, boolean optedOut) {
        if (!PhoneNumbers.isNumber(number)) {
            throw new IllegalArgumentException("from is not a telephone number: " + number);
        }
        String normal = PhoneNumbers.normal(number);
        byte[] key = SnsKeys.optOut(accountId, region, normal);
        store.<@Nullable Void>write(tx -> {
            OptOut had = CODEC.decodeOrNull(tx.get(key));
            Long optedInMillis = had == null ? null : had.optedInMillis;
            tx.put(key, CODEC.encode(new OptOut(normal, optedOut, optedInMillis)));
            return null;
        });
    }

    CheckIfPhoneNumberIsOptedOutResponse check(
            Caller caller, CheckIfPhoneNumberIsOptedOutInput request) {
        PhoneNumbers.checkFormat(request.phoneNumber());
        String number = PhoneNumbers.normal(request.phoneNumber());
        boolean isOptedOut =
                store.read(snapshot ->
                        contains(snapshot, caller.accountId(), caller.region(), number));
        return CheckIfPhoneNumberIsOptedOutResponse.builder().isOptedOut(isOptedOut).build();
    }

    ListPhoneNumbersOptedOutResponse list(Caller caller, ListPhoneNumbersOptedOutInput request) {
        byte[] prefix = SnsKeys.optOuts(caller.accountId(), caller.region()).toBytes();
        Page<OptOut> page =
                store.read(snapshot ->
                        Page.read(
                                snapshot,
                                prefix,
                                request.nextToken(),
                                (_, value) -> CODEC.decode(value)));
        return ListPhoneNumbersOptedOutResponse.builder()
                .phoneNumbers(
                        page.items().stream().filter(OptOut::optedOut).map(OptOut::number).toList())
                .nextToken(page.nextToken())
                .build();
    }

    /// Once in thirty days.
    OptInPhoneNumberResponse optIn(Caller caller, OptInPhoneNumberInput request) {
        PhoneNumbers.checkFormat(request.phoneNumber());
        String number = PhoneNumbers.normal(request.phoneNumber());
        byte[] key = SnsKeys.optOut(caller.accountId(), caller.region(), number);
        long nowMillis = clock.millis();
        store.<@Nullable Void>write(tx -> {
            OptOut had = CODEC.decodeOrNull(tx.get(key));
            if (had == null || !had.optedOut) {
                return null;
            }
            if (had.optedInMillis != null
                    && nowMillis - had.optedInMillis < SnsLimits.OPT_IN_PAUSE.toMillis()) {
                throw SnsErrors.invalidParameter(
                        "PhoneNumber", "the number was opted in within the last 30 days");
            }
            tx.put(key, CODEC.encode(new OptOut(number, false, nowMillis)));
            return null;
        });
        return OptInPhoneNumberResponse.builder().build();
    }
}
