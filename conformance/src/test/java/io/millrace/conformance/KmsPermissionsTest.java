package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.app.Configuration;
import io.millrace.app.Millrace;
import io.millrace.wire.Credential;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.GrantOperation;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.Tag;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/// A key opens to a user of its account when its policy passes that on to the account, and the
/// user's own policies give it; or when its policy or a grant names the user.
final class KmsPermissionsTest {
    private static final AwsCredentials ROOT =
            AwsBasicCredentials.create("MILLRACEROOT", "a secret of the operator's");

    @TempDir Path data;
    private Millrace server;
    private IamClient iam;
    private KmsClient root;
    private KmsClient alice;
    private String arn;
    private String key;

    @BeforeEach
    void start() throws Exception {
        server =
                Millrace.start(
                        Configuration.of(data)
                                .withCredentials(
                                        new Credential(
                                                ROOT.accessKeyId(), ROOT.secretAccessKey(), null)));
        iam =
                IamClient.builder()
                        .endpointOverride(URI.create(server.endpoint()))
                        .region(Region.AWS_GLOBAL)
                        .credentialsProvider(StaticCredentialsProvider.create(ROOT))
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
        arn = iam.createUser(request -> request.userName("alice")).user().arn();
        AccessKey hers = iam.createAccessKey(request -> request.userName("alice")).accessKey();
        root = kms(ROOT);
        alice = kms(AwsBasicCredentials.create(hers.accessKeyId(), hers.secretAccessKey()));
        key = root.createKey().keyMetadata().arn();
    }

    @AfterEach
    void stop() {
        alice.close();
        root.close();
        iam.close();
        server.close();
    }

    private KmsClient kms(AwsCredentials credentials) {
        return KmsClient.builder()
                .endpointOverride(URI.create(server.endpoint()))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    @Test
    void whatTheDefaultPolicyPassesOnTheUsersPolicyGives() {
        assertDenied(() -> encrypt(Map.of()));

        allow("kms:Encrypt", key);

        SdkBytes ciphertext = encrypt(Map.of());
        assertDenied(() -> decrypt(ciphertext, Map.of()));
        allow("kms:Decrypt", key);
        assertThat(decrypt(ciphertext, Map.of())).isEqualTo("text");
        root.createAlias(request -> request.aliasName("alias/a").targetKeyId(key));
        assertThat(
                        alice.encrypt(request ->
                                        request.keyId("alias/a")
                                                .plaintext(SdkBytes.fromUtf8String("text")))
                                .keyId())
                .isEqualTo(key);
    }

    @Test
    void aUsersPolicyAloneOpensNoKey() {
        allow("kms:*", "*");
        root.putKeyPolicy(request ->
                request.keyId(key)
                        .policy(
                                """
                                {"Version": "2012-10-17", "Statement": [
                                  {"Effect": "Allow", "Action": "kms:*", "Resource": "*",
                                   "Principal": {"AWS": "arn:aws:iam::000000000000:user/bob"}}]}\
                                """)
                        .bypassPolicyLockoutSafetyCheck(true));

        assertDenied(() -> encrypt(Map.of()));
    }

    @Test
    void aKeyPolicyThatNamesTheUserIsEnough() {
        root.putKeyPolicy(request ->
                request.keyId(key)
                        .policy(
                                """
                                {"Version": "2012-10-17", "Statement": [
                                  {"Effect": "Allow", "Action": "kms:*", "Resource": "*",
                                   "Principal": {"AWS": "arn:aws:iam::000000000000:root"}},
                                  {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*",
                                   "Principal": {"AWS": "%s"}}]}\
                                """
                                        .formatted(arn)));

        SdkBytes ciphertext = encrypt(Map.of());

        assertDenied(() -> decrypt(ciphertext, Map.of()));
    }

    @Test
    void aGrantIsEnoughWithinItsConstraints() {
        root.createGrant(request ->
                request.keyId(key)
                        .granteePrincipal(arn)
                        .operations(GrantOperation.ENCRYPT, GrantOperation.DECRYPT)
                        .constraints(
                                limits -> limits.encryptionContextEquals(Map.of("Team", "blue"))));

        SdkBytes ciphertext = encrypt(Map.of("Team", "blue"));

        assertThat(decrypt(ciphertext, Map.of("Team", "blue"))).isEqualTo("text");
        assertDenied(() -> encrypt(Map.of()));
        assertDenied(() -> encrypt(Map.of("Team", "blue", "order", "1")));
    }

    @Test
    void aReplicaNeedsToBeCreatedInItsRegion() {
        String primary = root.createKey(request -> request.multiRegion(true)).keyMetadata().arn();
        ThrowingCallable replicate =
                () -> alice.replicateKey(r -> r.keyId(primary).replicaRegion("eu-west-1"));
        allow("kms:ReplicateKey", primary);
        assertDenied(replicate);
        allow("kms:CreateKey", "*", "aws:RequestedRegion", "us-east-1");
        assertDenied(replicate);
        allow("kms:CreateKey", "*", "kms:MultiRegionKeyType", "PRIMARY");
        assertDenied(replicate);

        allow("kms:CreateKey", "*", "aws:RequestedRegion", "eu-west-1");

        alice.replicateKey(r -> r.keyId(primary).replicaRegion("eu-west-1"));
        Tag tag = Tag.builder().tagKey("team").tagValue("blue").build();
        ThrowingCallable tagged =
                () ->
                        alice.replicateKey(
                                r -> r.keyId(primary).replicaRegion("eu-west-2").tags(tag));
        allow("kms:CreateKey", "*", "kms:MultiRegionKeyType", "REPLICA");
        assertDenied(tagged);
        allow("kms:TagResource", "*", "aws:RequestTag/team", "blue");
        assertThatCode(tagged).doesNotThrowAnyException();
    }

    @Test
    void anAliasLeavesAKeyWithPermissionForIt() {
        String other = root.createKey().keyMetadata().arn();
        root.createAlias(request -> request.aliasName("alias/a").targetKeyId(key));
        ThrowingCallable update =
                () -> alice.updateAlias(r -> r.aliasName("alias/a").targetKeyId(other));
        allow("kms:UpdateAlias", "arn:aws:kms:us-east-1:000000000000:alias/a\", \"" + other);
        assertDenied(update);

        allow("kms:Update*", key);

        assertThatCode(update).doesNotThrowAnyException();
    }

    @Test
    void aReplicaBecomesThePrimaryWithPermissionForBoth() {
        String primary = root.createKey(request -> request.multiRegion(true)).keyMetadata().arn();
        root.replicateKey(r -> r.keyId(primary).replicaRegion("eu-west-1"));
        ThrowingCallable update =
                () -> alice.updatePrimaryRegion(r -> r.keyId(primary).primaryRegion("eu-west-1"));
        allow("kms:UpdatePrimaryRegion", primary);
        assertDenied(update);

        String replica = primary.replace("us-east-1", "eu-west-1");
        allow("kms:Update*", replica, "kms:PrimaryRegion", "eu-west-1");

        assertThatCode(update).doesNotThrowAnyException();
    }

    private SdkBytes encrypt(Map<String, String> context) {
        return alice.encrypt(request ->
                        request.keyId(key)
                                .plaintext(SdkBytes.fromUtf8String("text"))
                                .encryptionContext(context))
                .ciphertextBlob();
    }

    private String decrypt(SdkBytes ciphertext, Map<String, String> context) {
        return alice.decrypt(
                        request -> request.ciphertextBlob(ciphertext).encryptionContext(context))
                .plaintext()
                .asUtf8String();
    }

    private void allow(String action, String resource) {
        allow(action, resource, "aws:SecureTransport", "true");
    }

    private void allow(String action, String resource, String conditionKey, String value) {
        iam.putUserPolicy(request ->
                request.userName("alice")
                        .policyName(action.replaceAll("[:*]", "-"))
                        .policyDocument(
                                """
                                {"Version": "2012-10-17", "Statement": [
                                  {"Effect": "Allow", "Action": "%s", "Resource": ["%s"],
                                   "Condition": {"StringEquals": {"%s": "%s"}}}]}\
                                """
                                        .formatted(action, resource, conditionKey, value)));
    }

    private static void assertDenied(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KmsException.class,
                        e ->
                                assertThat(e.awsErrorDetails().errorCode())
                                        .isEqualTo("AccessDeniedException"));
    }
}
