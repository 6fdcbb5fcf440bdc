package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sns.CreateSMSSandboxPhoneNumberInput;
import io.millrace.api.sns.DeleteSMSSandboxPhoneNumberInput;
import io.millrace.api.sns.GetSMSSandboxAccountStatusInput;
import io.millrace.api.sns.ListSMSSandboxPhoneNumbersInput;
import io.millrace.api.sns.ListSMSSandboxPhoneNumbersResult;
import io.millrace.api.sns.PublishInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sns.VerifySMSSandboxPhoneNumberInput;
import io.millrace.delivery.Outbox;
import io.millrace.delivery.OutboxSteps;
import io.millrace.notification.Mailbox;
import io.millrace.notification.MailboxEntry;
import io.millrace.notification.NotificationOptions;
import io.millrace.notification.NotificationProviders;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The sandbox, with its one-time passwords read in the mailbox.
final class SmsSandboxTest {
    private static final String NUMBER = "+15550100123";
    private static final NotificationOptions ON =
            new NotificationOptions(null, null, null, null, null, true, List.of());

    private final SnsFixture fixture = new SnsFixture();
    private final Outbox sandboxed =
            fixture.outbox(
                    Map.of(
                            SmsNotifications.KIND,
                            new SmsNotifications(
                                    fixture.store,
                                    new NotificationProviders(fixture.store, fixture.clock, ON),
                                    fixture.monitoring)));

    @Test
    void isOffUnlessTheOperatorWantsIt() {
        assertThat(
                        fixture.call(
                                        SnsApi.GET_SMS_SANDBOX_ACCOUNT_STATUS,
                                        GetSMSSandboxAccountStatusInput.builder().build())
                                .isInSandbox())
                .isFalse();
    }

    @Test
    void onlyVerifiedNumbersAreTexted() {
        publish("unseen");
        create();
        publish("still unseen");
        OutboxSteps.attemptDue(sandboxed);
        assertThat(fixture.outbox.failed(10))
                .hasSize(2)
                .allSatisfy(
                        failed -> assertThat(failed.failure().errorCode()).isEqualTo("SmsSandbox"));
        assertThat(list(null, null).phoneNumbers())
                .singleElement()
                .satisfies(number -> assertThat(number.status()).isEqualTo("Pending"));

        verify(password());
        publish("seen");
        OutboxSteps.attemptDue(sandboxed);

        assertThat(texts().getFirst().text()).isEqualTo("seen");
        assertThat(list(null, null).phoneNumbers().getFirst().status()).isEqualTo("Verified");
    }

    @Test
    void aWrongPasswordVerifiesNothing() {
        create();
        OutboxSteps.attemptDue(sandboxed);
        String wrong = password().equals("000000") ? "000001" : "000000";

        assertThat(refusedVerification(wrong).error().code()).isEqualTo("VerificationException");
        assertThat(list(null, null).phoneNumbers().getFirst().status()).isEqualTo("Pending");
        verify(password());
    }

    /// Fails when a refused attempt is not counted.
    @Test
    void nobodyGuessesAPassword() {
        create();
        OutboxSteps.attemptDue(sandboxed);
        for (int i = 0; i < SnsLimits.SANDBOX_ATTEMPTS; i++) {
            refusedVerification("99999999");
        }

        refusedVerification(password());
    }

    @Test
    void aPasswordIsGoodForADay() {
        create();
        OutboxSteps.attemptDue(sandboxed);
        fixture.clock.advance(Duration.ofDays(1));

        refusedVerification(password());
    }

    @Test
    void aDeletedNumberIsUnknown() {
        create();
        DeleteSMSSandboxPhoneNumberInput input =
                DeleteSMSSandboxPhoneNumberInput.builder().phoneNumber(NUMBER).build();
        fixture.call(SnsApi.DELETE_SMS_SANDBOX_PHONE_NUMBER, input);

        assertThat(fixture.refusal(SnsApi.DELETE_SMS_SANDBOX_PHONE_NUMBER, input).error().code())
                .isEqualTo("ResourceNotFound");
        assertThat(refusedVerification("123456").error().code()).isEqualTo("ResourceNotFound");
    }

    @Test
    void holdsTenNumbersAndPagesThem() {
        for (int i = 0; i < 10; i++) {
            create("+1555010000" + i);
        }

        assertThat(refusedCreation("+15550100999").error().code()).isEqualTo("UserError");
        ListSMSSandboxPhoneNumbersResult first = list(7, null);
        assertThat(first.phoneNumbers()).hasSize(7);
        assertThat(list(7, first.nextToken()).phoneNumbers()).hasSize(3);
    }

    @Test
    void takesNoNumberThatOptedOut() {
        OptOuts.put(fixture.store, SnsFixture.CALLER.accountId(), "us-east-1", NUMBER, true);

        assertThat(refusedCreation(NUMBER).error().code()).isEqualTo("OptedOut");
    }

    private void publish(String message) {
        fixture.call(
                SnsApi.PUBLISH,
                PublishInput.builder().phoneNumber(NUMBER).message(message).build());
        fixture.clock.advance(Duration.ofMillis(1));
    }

    private void create() {
        create(NUMBER);
    }

    private void create(String number) {
        fixture.call(SnsApi.CREATE_SMS_SANDBOX_PHONE_NUMBER, creation(number));
        fixture.clock.advance(Duration.ofMillis(1));
    }

    private ServiceException refusedCreation(String number) {
        return fixture.refusal(SnsApi.CREATE_SMS_SANDBOX_PHONE_NUMBER, creation(number));
    }

    private static CreateSMSSandboxPhoneNumberInput creation(String number) {
        return CreateSMSSandboxPhoneNumberInput.builder().phoneNumber(number).build();
    }

    private void verify(String password) {
        fixture.call(SnsApi.VERIFY_SMS_SANDBOX_PHONE_NUMBER, verification(password));
    }

    private ServiceException refusedVerification(String password) {
        return fixture.refusal(SnsApi.VERIFY_SMS_SANDBOX_PHONE_NUMBER, verification(password));
    }

    private static VerifySMSSandboxPhoneNumberInput verification(String password) {
        return VerifySMSSandboxPhoneNumberInput.builder()
                .phoneNumber(NUMBER)
                .oneTimePassword(password)
                .build();
    }

    private ListSMSSandboxPhoneNumbersResult list(
            @Nullable Integer countMax, @Nullable String token) {
        return fixture.call(
                SnsApi.LIST_SMS_SANDBOX_PHONE_NUMBERS,
                ListSMSSandboxPhoneNumbersInput.builder()
                        .maxResults(countMax)
                        .nextToken(token)
                        .build());
    }

    private List<MailboxEntry> texts() {
        return fixture.providers.mailbox().list(Mailbox.Filter.ALL, null, 10).entries();
    }

    private String password() {
        return texts().getFirst().text().replaceAll("\\D", "");
    }
}
