package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.GrantOperation;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;
import software.amazon.awssdk.services.sqs.model.KmsDisabledException;
import software.amazon.awssdk.services.sqs.model.KmsNotFoundException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;

/// KMS keeps keys that never leave it: whoever may use one sends what is to be encrypted, or takes
/// a data key home.
@ExtendWith(MillraceExtension.class)
final class KmsTest {

    @Test
    void encryptsAndDecryptsWithAContext(MillraceServer server) {
        try (Clients aws = new Clients(server.endpoint(), server.freshAccount())) {
            String key = key(aws);
            aws.kms.createAlias(request -> request.aliasName("alias/orders").targetKeyId(key));

            SdkBytes sealed =
                    aws.kms
                            .encrypt(request ->
                                    request.keyId("alias/orders")
                                            .plaintext(SdkBytes.fromUtf8String("text"))
                                            .encryptionContext(Map.of("order", "1")))
                            .ciphertextBlob();

            var opened =
                    aws.kms.decrypt(request ->
                            request.ciphertextBlob(sealed).encryptionContext(Map.of("order", "1")));
            assertThat(opened.plaintext().asUtf8String()).isEqualTo("text");
            assertThat(opened.keyId()).endsWith(":key/" + key);
            assertThatThrownBy(() -> aws.kms.decrypt(request -> request.ciphertextBlob(sealed)))
                    .isInstanceOf(InvalidCiphertextException.class);
            String other = key(aws);
            assertThatThrownBy(() ->
                            aws.kms.decrypt(request ->
                                    request.ciphertextBlob(sealed)
                                            .keyId(other)
                                            .encryptionContext(Map.of("order", "1"))))
                    .isInstanceOf(IncorrectKeyException.class);
        }
    }

    @Test
    void refusesWhatIsDisabledOrMissing(MillraceServer server) {
        try (Clients aws = new Clients(server.endpoint(), server.freshAccount())) {
            String key = key(aws);
            aws.kms.disableKey(request -> request.keyId(key));

            assertThatThrownBy(() ->
                            aws.kms.generateDataKey(
                                    request -> request.keyId(key).keySpec(DataKeySpec.AES_256)))
                    .isInstanceOf(DisabledException.class)
                    .hasMessageContaining(":key/" + key + " is disabled.");
            assertThatThrownBy(() -> aws.kms.describeKey(request -> request.keyId("alias/missing")))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining(":alias/missing is not found.");
        }
    }

    @Test
    void whatItSignsIsVerifiedWithThePublicKey(MillraceServer server)
            throws GeneralSecurityException {
        try (Clients aws = new Clients(server.endpoint(), server.freshAccount())) {
            String key =
                    aws.kms
                            .createKey(request ->
                                    request.keySpec(KeySpec.ECC_NIST_P256)
                                            .keyUsage(KeyUsageType.SIGN_VERIFY))
                            .keyMetadata()
                            .keyId();
            SdkBytes message = SdkBytes.fromUtf8String("to be signed");

            SdkBytes made =
                    aws.kms
                            .sign(request ->
                                    request.keyId(key)
                                            .message(message)
                                            .signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256))
                            .signature();

            byte[] encoded =
                    aws.kms.getPublicKey(request -> request.keyId(key)).publicKey().asByteArray();
            Signature verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(
                    KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded)));
            verifier.update(message.asByteArray());
            assertThat(verifier.verify(made.asByteArray())).isTrue();
        }
    }

    @Test
    void aGrantOpensAKeyToAnotherAccount(MillraceServer server) {
        try (Clients aws = new Clients(server.endpoint(), server.freshAccount());
                Clients other = new Clients(server.endpoint(), server.freshAccount())) {
            String arn = aws.kms.createKey().keyMetadata().arn();
            String root = "arn:aws:iam::" + other.account() + ":root";
            assertThatThrownBy(() -> other.kms.describeKey(request -> request.keyId(arn)))
                    .hasMessageContaining("is not authorized to perform: kms:DescribeKey");

            var grant =
                    aws.kms.createGrant(request ->
                            request.keyId(arn)
                                    .granteePrincipal(root)
                                    .operations(GrantOperation.DESCRIBE_KEY));

            assertThat(
                            other.kms
                                    .describeKey(request ->
                                            request.keyId(arn).grantTokens(grant.grantToken()))
                                    .keyMetadata()
                                    .arn())
                    .isEqualTo(arn);
            aws.kms.revokeGrant(request -> request.keyId(arn).grantId(grant.grantId()));
            assertThatThrownBy(() -> other.kms.describeKey(request -> request.keyId(arn)))
                    .hasMessageContaining("is not authorized to perform: kms:DescribeKey");
        }
    }

    @Test
    void dataKeysAreReadAfterRotationsAndARestart() {
        try (MillraceServer server = MillraceServer.start();
                Clients before = new Clients(server.endpoint(), "111122223333")) {
            String key = key(before);
            before.kms.createAlias(request -> request.aliasName("alias/a").targetKeyId(key));
            var dataKey =
                    before.kms.generateDataKey(
                            request -> request.keyId("alias/a").keySpec(DataKeySpec.AES_256));
            before.kms.rotateKeyOnDemand(request -> request.keyId(key));
            String doomed = key(before);
            before.kms.scheduleKeyDeletion(request -> request.keyId(doomed).pendingWindowInDays(7));

            server.restart();

            try (Clients after = new Clients(server.endpoint(), "111122223333")) {
                var opened =
                        after.kms.decrypt(
                                request -> request.ciphertextBlob(dataKey.ciphertextBlob()));
                assertThat(opened.plaintext()).isEqualTo(dataKey.plaintext());
                assertThat(after.kms.listKeyRotations(request -> request.keyId(key)).rotations())
                        .hasSize(1);
                assertThat(after.kms.describeKey(request -> request.keyId(doomed)).keyMetadata())
                        .satisfies(metadata -> {
                            assertThat(metadata.keyState()).isEqualTo(KeyState.PENDING_DELETION);
                            assertThat(metadata.deletionDate()).isNotNull();
                        });
            }
        }
    }

    @Test
    void queuesAndTopicsNeedTheKeyThatTheyName(MillraceServer server) {
        try (Clients aws = new Clients(server.endpoint(), server.freshAccount())) {
            String key = key(aws);
            aws.kms.createAlias(request -> request.aliasName("alias/q").targetKeyId(key));
            String queue =
                    aws.sqs
                            .createQueue(request ->
                                    request.queueName("q")
                                            .attributes(
                                                    Map.of(
                                                            QueueAttributeName.KMS_MASTER_KEY_ID,
                                                            "alias/q")))
                            .queueUrl();
            String topic =
                    aws.sns
                            .createTopic(request ->
                                    request.name("t").attributes(Map.of("KmsMasterKeyId", key)))
                            .topicArn();
            aws.sqs.sendMessage(request -> request.queueUrl(queue).messageBody("sealed"));
            aws.sns.publish(request -> request.topicArn(topic).message("sealed"));

            aws.kms.disableKey(request -> request.keyId(key));

            assertThatThrownBy(() ->
                            aws.sqs.sendMessage(
                                    request -> request.queueUrl(queue).messageBody("refused")))
                    .isInstanceOf(KmsDisabledException.class)
                    .hasMessageContaining(":key/" + key + " is disabled.");
            assertThatThrownBy(() -> aws.sqs.receiveMessage(request -> request.queueUrl(queue)))
                    .isInstanceOf(KmsDisabledException.class);
            assertThatThrownBy(() ->
                            aws.sns.publish(request -> request.topicArn(topic).message("refused")))
                    .isInstanceOf(
                            software.amazon.awssdk.services.sns.model.KmsDisabledException.class);
            aws.kms.deleteAlias(request -> request.aliasName("alias/q"));
            assertThatThrownBy(() ->
                            aws.sqs.sendMessage(
                                    request -> request.queueUrl(queue).messageBody("refused")))
                    .isInstanceOf(KmsNotFoundException.class)
                    .hasMessageContaining(":alias/q is not found.");
            aws.kms.enableKey(request -> request.keyId(key));
            aws.kms.createAlias(request -> request.aliasName("alias/q").targetKeyId(key));
            assertThat(
                            aws.sqs
                                    .receiveMessage(request ->
                                            request.queueUrl(queue).maxNumberOfMessages(10))
                                    .messages())
                    .hasSize(1);
        }
    }

    private static String key(Clients aws) {
        return aws.kms.createKey().keyMetadata().keyId();
    }
}
