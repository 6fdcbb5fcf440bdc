package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.app.Configuration;
import io.millrace.app.Millrace;
import io.millrace.wire.Credential;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.iam.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.iam.model.UnmodifiableEntityException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.StsException;
import software.amazon.awssdk.services.sts.model.Tag;

import java.net.URI;
import java.nio.file.Path;

/// Roles are assumed by whom their trust policies let in; a session's keys act as the session, also
/// after a restart, until its role is gone.
final class RolesTest {
    private static final AwsCredentials ROOT =
            AwsBasicCredentials.create("MILLRACEROOT", "a secret of the operator's");
    private static final String ACCOUNT = "000000000000";
    private static final Tag BLUE = Tag.builder().key("team").value("blue").build();

    @TempDir Path data;
    private Millrace server;
    private IamClient iam;
    private AwsCredentials ann;

    @BeforeEach
    void start() throws Exception {
        server = startServer();
        iam = iam();
        iam.createUser(request -> request.userName("ann"));
        AccessKey key = iam.createAccessKey(request -> request.userName("ann")).accessKey();
        ann = AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey());
    }

    @AfterEach
    void stop() {
        iam.close();
        server.close();
    }

    private Millrace startServer() throws Exception {
        return Millrace.start(
                Configuration.of(data)
                        .withCredentials(
                                new Credential(ROOT.accessKeyId(), ROOT.secretAccessKey(), null)));
    }

    private IamClient iam() {
        return IamClient.builder()
                .endpointOverride(URI.create(server.endpoint()))
                .region(Region.AWS_GLOBAL)
                .credentialsProvider(StaticCredentialsProvider.create(ROOT))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private StsClient sts(AwsCredentials credentials) {
        return StsClient.builder()
                .endpointOverride(URI.create(server.endpoint()))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private String arnOf(AwsCredentials credentials) {
        try (StsClient sts = sts(credentials)) {
            return sts.getCallerIdentity().arn();
        }
    }

    private String role(String name, String principal, String actions, String condition) {
        String trust =
                """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"%s"},
                  "Action":[%s],"Condition":{%s}}]}\
                """
                        .formatted(principal, actions, condition);
        return iam.createRole(request -> request.roleName(name).assumeRolePolicyDocument(trust))
                .role()
                .arn();
    }

    private static AwsCredentials of(Credentials credentials) {
        return AwsSessionCredentials.create(
                credentials.accessKeyId(),
                credentials.secretAccessKey(),
                credentials.sessionToken());
    }

    @Test
    void aTrustedUserAssumesARoleUntilItIsDeleted() throws Exception {
        String user = "arn:aws:iam::" + ACCOUNT + ":user/ann";
        String role = role("worker", user, "\"sts:AssumeRole\"", "");
        AwsCredentials session;
        try (StsClient sts = sts(ann)) {
            session =
                    of(
                            sts.assumeRole(request -> request.roleArn(role).roleSessionName("s1"))
                                    .credentials());
        }
        String expected = "arn:aws:sts::" + ACCOUNT + ":assumed-role/worker/s1";
        assertThat(arnOf(session)).isEqualTo(expected);
        assertThat(iam.getRole(request -> request.roleName("worker")).role().roleLastUsed())
                .extracting(use -> use.region())
                .isEqualTo("us-east-1");

        iam.close();
        server.close();
        server = startServer();
        iam = iam();

        assertThat(arnOf(session)).isEqualTo(expected);
        iam.deleteRole(request -> request.roleName("worker"));
        assertThatThrownBy(() -> arnOf(session)).isInstanceOf(StsException.class);
    }

    @Test
    void theTrustPolicysConditionsAreHeld() {
        String user = "arn:aws:iam::" + ACCOUNT + ":user/ann";
        String role =
                role(
                        "outside",
                        user,
                        "\"sts:AssumeRole\",\"sts:TagSession\"",
                        """
                        "StringEquals":{"sts:ExternalId":"1234","aws:RequestTag/team":"blue"}\
                        """);
        try (StsClient sts = sts(ann)) {
            assertThatThrownBy(() ->
                            sts.assumeRole(request -> request.roleArn(role).roleSessionName("s1")))
                    .isInstanceOf(StsException.class)
                    .hasMessageContaining(
                            "User: "
                                    + user
                                    + " is not authorized to perform: sts:AssumeRole on"
                                    + " resource: "
                                    + role);

            assertThat(
                            sts.assumeRole(request ->
                                            request.roleArn(role)
                                                    .roleSessionName("s1")
                                                    .externalId("1234")
                                                    .tags(BLUE))
                                    .packedPolicySize())
                    .isPositive();
            assertThatThrownBy(() ->
                            sts.assumeRole(request ->
                                    request.roleArn(role)
                                            .roleSessionName("s1")
                                            .durationSeconds(7200)
                                            .externalId("1234")
                                            .tags(BLUE)))
                    .hasMessageContaining(
                            "The requested DurationSeconds exceeds the MaxSessionDuration set for"
                                    + " this role.");
        }
    }

    @Test
    void aUserGetsTemporaryKeysOfItsOwn() {
        String document =
                """
                {"Version":"2012-10-17","Statement":[
                  {"Effect":"Allow","Action":"sts:Get*","Resource":"*"}]}\
                """;
        iam.putUserPolicy(
                request -> request.userName("ann").policyName("sts").policyDocument(document));
        AwsCredentials temporary;
        AwsCredentials federated;
        try (StsClient sts = sts(ann)) {
            temporary = of(sts.getSessionToken().credentials());
            federated = of(sts.getFederationToken(request -> request.name("guest")).credentials());
        }

        assertThat(arnOf(temporary)).isEqualTo("arn:aws:iam::" + ACCOUNT + ":user/ann");
        assertThat(arnOf(federated)).isEqualTo("arn:aws:sts::" + ACCOUNT + ":federated-user/guest");
        AwsCredentials withoutToken =
                AwsBasicCredentials.create(temporary.accessKeyId(), temporary.secretAccessKey());
        assertThatThrownBy(() -> arnOf(withoutToken))
                .hasMessageContaining("The security token included in the request is invalid.");
        try (StsClient sts = sts(temporary)) {
            assertThatThrownBy(sts::getSessionToken)
                    .hasMessageContaining("Cannot call GetSessionToken with session credentials");
        }
    }

    @Test
    void aTrustPolicyNamesWhoIsThere() {
        assertThatThrownBy(() ->
                        role(
                                "r",
                                "arn:aws:iam::" + ACCOUNT + ":user/nobody",
                                "\"sts:AssumeRole\"",
                                ""))
                .isInstanceOf(MalformedPolicyDocumentException.class)
                .hasMessageContaining("Invalid principal in policy");
    }

    /// AWS lets everyone describe the role of a service, and change nothing else of it.
    @Test
    void aServicesRoleIsDescribedAndNotChanged() {
        String role =
                iam.createServiceLinkedRole(
                                request -> request.awsServiceName("autoscaling.amazonaws.com"))
                        .role()
                        .roleName();

        iam.updateRole(request -> request.roleName(role).description("Scales"));

        assertThat(iam.getRole(request -> request.roleName(role)).role().description())
                .isEqualTo("Scales");
        assertThatThrownBy(() ->
                        iam.updateRole(request -> request.roleName(role).maxSessionDuration(7200)))
                .isInstanceOf(UnmodifiableEntityException.class);
    }
}
