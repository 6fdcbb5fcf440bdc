package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.VirtualMFADevice;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A user's device makes codes (RFC 6238, here once more); two in a row enable it, and each is good
/// once. What policies allow with `aws:MultiFactorAuthPresent` needs a session that began with one.
final class MfaTest {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    @TempDir Path data;
    private SecuredServer server;

    @BeforeEach
    void start() throws Exception {
        server = new SecuredServer(data);
        server.grant(
                """
                {'Effect': 'Allow', 'Action': ['sqs:*', 'sts:*'], 'Resource': '*', 'Condition':
                 {'Bool': {'aws:MultiFactorAuthPresent': 'true'},
                  'NumericLessThan': {'aws:MultiFactorAuthAge': '600'}}}
                """);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String code(String base32, long step) throws Exception {
        BigInteger number = BigInteger.ZERO;
        for (int i = 0; i < base32.length(); i++) {
            int digit = LETTERS.indexOf(base32.charAt(i));
            number = number.shiftLeft(5).or(BigInteger.valueOf(digit));
        }
        byte[] seed = new byte[base32.length() * 5 / 8];
        byte[] bytes = number.toByteArray();
        for (int i = 0; i < seed.length && i < bytes.length; i++) {
            seed[seed.length - 1 - i] = bytes[bytes.length - 1 - i];
        }
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(seed, "HmacSHA1"));
        byte[] hash = mac.doFinal(ByteBuffer.allocate(8).putLong(step).array());
        int offset = hash[hash.length - 1] & 15;
        return "%06d".formatted((ByteBuffer.wrap(hash).getInt(offset) & 0x7fffffff) % 1_000_000);
    }

    private static AwsCredentials session(Credentials made) {
        return AwsSessionCredentials.create(
                made.accessKeyId(), made.secretAccessKey(), made.sessionToken());
    }

    private String listing(AwsCredentials credentials) {
        try (SqsClient sqs = server.client(SqsClient.builder(), credentials)) {
            return SecuredServer.refusal(sqs::listQueues);
        }
    }

    @Test
    void aCodeMakesASessionThatPoliciesTrustMore() throws Exception {
        IamClient iam = server.iam();
        VirtualMFADevice device =
                iam.createVirtualMFADevice(r -> r.virtualMFADeviceName("alices"))
                        .virtualMFADevice();
        String serial = device.serialNumber();
        String seed = device.base32StringSeed().asUtf8String();
        long step = System.currentTimeMillis() / 30_000;
        String first = code(seed, step);
        String second = code(seed, step + 1);

        assertThat(serial).isEqualTo("arn:aws:iam::000000000000:mfa/alices");
        assertThat(SecuredServer.refusal(() -> enable(serial, second, first)))
                .isEqualTo(
                        "InvalidAuthenticationCode: Authentication code for device is not valid.");
        enable(serial, first, second);
        assertThat(iam.getMFADevice(r -> r.userName("alice").serialNumber(serial)))
                .satisfies(told -> assertThat(told.userName()).isEqualTo("alice"))
                .satisfies(told -> assertThat(told.enableDate()).isNotNull());
        assertThat(iam.listMFADevices(r -> r.userName("alice")).mfaDevices())
                .extracting(each -> each.serialNumber())
                .containsExactly(serial);
        assertThat(
                        SecuredServer.refusal(
                                () -> iam.deleteVirtualMFADevice(r -> r.serialNumber(serial))))
                .startsWith("DeleteConflict");

        try (StsClient sts = server.client(StsClient.builder(), server.alice())) {
            String refusal =
                    "AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass"
                            + " code.";

            assertThat(listing(server.alice())).startsWith("AccessDenied");
            assertThat(listing(session(sts.getSessionToken().credentials())))
                    .startsWith("AccessDenied");
            assertThat(SecuredServer.refusal(() -> token(sts, serial, second))).isEqualTo(refusal);
            String third = code(seed, Math.max(step + 2, System.currentTimeMillis() / 30_000));
            assertThat(SecuredServer.refusal(() -> token(sts, serial + "x", third)))
                    .isEqualTo(refusal);

            AwsCredentials trusted = session(token(sts, serial, third));
            assertThat(listing(trusted)).isEmpty();
            try (IamClient user = server.client(IamClient.builder(), trusted)) { // it may call IAM
                assertThat(SecuredServer.refusal(user::getUser)).startsWith("AccessDenied");
            }
            assertThat(SecuredServer.refusal(() -> token(sts, serial, third))).isEqualTo(refusal);
        }

        iam.deactivateMFADevice(r -> r.userName("alice").serialNumber(serial));
        iam.deleteVirtualMFADevice(r -> r.serialNumber(serial));
        assertThat(iam.listVirtualMFADevices().virtualMFADevices()).isEmpty();
    }

    private void enable(String serial, String first, String second) {
        server.iam()
                .enableMFADevice(r ->
                        r.userName("alice")
                                .serialNumber(serial)
                                .authenticationCode1(first)
                                .authenticationCode2(second));
    }

    private static Credentials token(StsClient sts, String serial, String code) {
        return sts.getSessionToken(r -> r.serialNumber(serial).tokenCode(code)).credentials();
    }
}
