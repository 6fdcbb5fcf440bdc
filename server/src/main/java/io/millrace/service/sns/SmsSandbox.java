package io.millrace.service.sns;

import io.millrace.api.sns.CreateSMSSandboxPhoneNumberInput;
import io.millrace.api.sns.CreateSMSSandboxPhoneNumberResult;
import io.millrace.api.sns.DeleteSMSSandboxPhoneNumberInput;
import io.millrace.api.sns.DeleteSMSSandboxPhoneNumberResult;
import io.millrace.api.sns.GetSMSSandboxAccountStatusInput;
import io.millrace.api.sns.GetSMSSandboxAccountStatusResult;
import io.millrace.api.sns.ListSMSSandboxPhoneNumbersInput;
import io.millrace.api.sns.ListSMSSandboxPhoneNumbersResult;
import io.millrace.api.sns.SMSSandboxPhoneNumber;
import io.millrace.api.sns.VerifySMSSandboxPhoneNumberInput;
import io.millrace.api.sns.VerifySMSSandboxPhoneNumberResult;
import io.millrace.delivery.Outbox;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.notification.TextMessage;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Map;

/// The SMS sandbox: numbers that an account has verified, in a region, with a one-time password
/// that is sent to them. Whether only those are texted is a setting of the server. Source:
/// [developer guide](https://docs.aws.amazon.com/sns/latest/dg/sns-sms-sandbox.html).
final class SmsSandbox {
    private static final String PENDING = "Pending";
    private static final String VERIFIED = "Verified";
    private static final long PASSWORDS = 1_000_000;

    /// A number in the sandbox.
    ///
    /// @param wrongCount the wrong passwords so far
    record Entry(String number, String status, String password, long sentMillis, int wrongCount) {
        Entry with(String newStatus, int newWrongCount) {
            return new Entry(number, newStatus, password, sentMillis, newWrongCount);
        }
    }

    private static final ResourceCodec<Entry> CODEC = new ResourceCodec<>(Entry.class);

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Outbox outbox;
    private final boolean isOn;

    SmsSandbox(Store store, InstantSource clock, Ids ids, Outbox outbox, boolean isOn) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.outbox = outbox;
        this.isOn = isOn;
    }

    static boolean admits(Snapshot snapshot, String accountId, String region, String number) {
        Entry found =
                CODEC.decodeOrNull(snapshot.get(SnsKeys.sandboxNumber(accountId, region, number)));
        return found != null && found.status.equals(VERIFIED);
    }

    GetSMSSandboxAccountStatusResult status(
            Caller caller, GetSMSSandboxAccountStatusInput request) {
        return GetSMSSandboxAccountStatusResult.builder().isInSandbox(isOn).build();
    }

    CreateSMSSandboxPhoneNumberResult create(
            Caller caller, CreateSMSSandboxPhoneNumberInput request) {
        String number = normal(request.phoneNumber());
        String password = "%06d".formatted(ids.number() % PASSWORDS);
        String id = ids.uuid();
        long nowMillis = clock.millis();
        byte[] key = SnsKeys.sandboxNumber(caller.accountId(), caller.region(), number);
        store.<@Nullable Void>write(tx -> {
            if (OptOuts.contains(tx, caller.accountId(), caller.region(), number)) {
                throw SnsErrors.optedOut();
            }
            Entry had = CODEC.decodeOrNull(tx.get(key));
            if (had != null && had.status.equals(VERIFIED)) {
                throw SnsErrors.userError("The phone number is already verified.");
            }
            if (had == null && count(tx, caller) >= SnsLimits.SANDBOX_NUMBERS) {
                throw SnsErrors.userError("The SMS sandbox has no room for another phone number.");
            }
            tx.put(key, CODEC.encode(new Entry(number, PENDING, password, nowMillis, 0)));
            String text = "Your verification code is " + password;
            outbox.add(
                    tx,
                    SmsNotifications.verification(
                            new TextMessage(
                                    id,
                                    nowMillis,
                                    caller.accountId(),
                                    caller.region(),
                                    number,
                                    null,
                                    text,
                                    Map.of("SMSType", "Transactional", "Parts", "1"))));
            return null;
        });
        return CreateSMSSandboxPhoneNumberResult.builder().build();
    }

    VerifySMSSandboxPhoneNumberResult verify(
            Caller caller, VerifySMSSandboxPhoneNumberInput request) {
        byte[] key =
                SnsKeys.sandboxNumber(
                        caller.accountId(), caller.region(), normal(request.phoneNumber()));
        boolean isVerified =
                store.write(tx -> {
                    Entry number = required(tx, key);
                    if (number.status.equals(VERIFIED)) {
                        return true;
                    }
                    long ageMillis = clock.millis() - number.sentMillis;
                    boolean isRight =
                            number.password.equals(request.oneTimePassword())
                                    && number.wrongCount < SnsLimits.SANDBOX_ATTEMPTS
                                    && ageMillis < SnsLimits.SANDBOX_PASSWORD_AGE.toMillis();
                    Entry next =
                            isRight
                                    ? number.with(VERIFIED, 0)
                                    : number.with(PENDING, number.wrongCount + 1);
                    tx.put(key, CODEC.encode(next));
                    return isRight;
                });
        if (!isVerified) { // after the transaction, which counts the attempt
            throw SnsErrors.verification();
        }
        return VerifySMSSandboxPhoneNumberResult.builder().build();
    }

    DeleteSMSSandboxPhoneNumberResult delete(
            Caller caller, DeleteSMSSandboxPhoneNumberInput request) {
        byte[] key =
                SnsKeys.sandboxNumber(
                        caller.accountId(), caller.region(), normal(request.phoneNumber()));
        store.<@Nullable Void>write(tx -> {
            required(tx, key);
            tx.delete(key);
            return null;
        });
        return DeleteSMSSandboxPhoneNumberResult.builder().build();
    }

    ListSMSSandboxPhoneNumbersResult list(Caller caller, ListSMSSandboxPhoneNumbersInput request) {
        byte[] prefix = SnsKeys.sandboxNumbers(caller.accountId(), caller.region()).toBytes();
        int countMax = request.maxResults() == null ? SnsLimits.PAGE_ITEMS : request.maxResults();
        Page<SMSSandboxPhoneNumber> page =
                store.read(snapshot ->
                        Page.read(
                                snapshot,
                                prefix,
                                request.nextToken(),
                                countMax,
                                (_, value) -> shown(CODEC.decode(value))));
        return ListSMSSandboxPhoneNumbersResult.builder()
                .phoneNumbers(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    private static SMSSandboxPhoneNumber shown(Entry number) {
        return SMSSandboxPhoneNumber.builder()
                .phoneNumber(number.number)
                .status(number.status)
                .build();
    }

    private static Entry required(Transaction tx, byte[] key) {
        Entry number = CODEC.decodeOrNull(tx.get(key));
        if (number == null) {
            throw SnsErrors.resourceNotFound();
        }
        return number;
    }

    private static int count(Snapshot snapshot, Caller caller) {
        byte[] prefix = SnsKeys.sandboxNumbers(caller.accountId(), caller.region()).toBytes();
        int count = 0;
        try (Cursor cursor = snapshot.prefix(prefix)) {
            while (cursor.next()) {
                count++;
            }
        }
        return count;
    }

    private static String normal(String number) {
        PhoneNumbers.checkFormat(number);
        return PhoneNumbers.normal(number);
    }
}
