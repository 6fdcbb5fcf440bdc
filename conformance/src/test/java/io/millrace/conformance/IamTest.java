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
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.iam.model.DeleteConflictException;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.iam.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.StsException;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// IAM keeps users, groups and policies; an access key acts as its user as long as it is there.
final class IamTest {
    private static final AwsCredentials ROOT =
            AwsBasicCredentials.create("MILLRACEROOT", "a secret of the operator's");
    private static final String DOCUMENT =
            """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":["sqs:*","iam:GetUser"],"Resource":"*"}]}\
            """;

    @TempDir Path data;
    private Millrace server;
    private IamClient iam;

    @BeforeEach
    void start() throws Exception {
        server = startServer();
        iam = iam(ROOT);
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

    private IamClient iam(AwsCredentials credentials) {
        return IamClient.builder()
                .endpointOverride(URI.create(server.endpoint()))
                .region(Region.AWS_GLOBAL)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private String arnOf(AwsCredentials credentials) {
        try (StsClient sts =
                StsClient.builder()
                        .endpointOverride(URI.create(server.endpoint()))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(StaticCredentialsProvider.create(credentials))
                        .httpClient(UrlConnectionHttpClient.create())
                        .build()) {
            return sts.getCallerIdentity().arn();
        }
    }

    private AwsCredentials keyOf(String user) {
        AccessKey key = iam.createAccessKey(request -> request.userName(user)).accessKey();
        return AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey());
    }

    @Test
    void anAccessKeyIsItsUserUntilItIsGone() {
        iam.createUser(request -> request.userName("ann").path("/team/"));
        AwsCredentials key = keyOf("ann");

        assertThat(arnOf(key)).isEqualTo("arn:aws:iam::000000000000:user/team/ann");

        iam.updateAccessKey(request ->
                request.userName("ann").accessKeyId(key.accessKeyId()).status(StatusType.INACTIVE));
        assertThatThrownBy(() -> arnOf(key))
                .isInstanceOf(StsException.class)
                .hasMessageContaining("The security token included in the request is invalid.");
        iam.updateAccessKey(request ->
                request.userName("ann").accessKeyId(key.accessKeyId()).status(StatusType.ACTIVE));
        iam.updateUser(request -> request.userName("ann").newUserName("anna").newPath("/"));
        assertThat(arnOf(key)).isEqualTo("arn:aws:iam::000000000000:user/anna");
        assertThat(
                        iam.getAccessKeyLastUsed(request -> request.accessKeyId(key.accessKeyId()))
                                .accessKeyLastUsed()
                                .serviceName())
                .isEqualTo("sts");

        iam.deleteAccessKey(request -> request.userName("anna").accessKeyId(key.accessKeyId()));
        assertThatThrownBy(() -> arnOf(key)).isInstanceOf(StsException.class);
    }

    @Test
    void usersKeysAndPoliciesSurviveARestart() throws Exception {
        iam.createUser(request -> request.userName("bob"));
        AwsCredentials key = keyOf("bob");
        iam.putUserPolicy(
                request -> request.userName("bob").policyName("inline").policyDocument(DOCUMENT));
        String arn =
                iam.createPolicy(request -> request.policyName("managed").policyDocument(DOCUMENT))
                        .policy()
                        .arn();
        iam.attachUserPolicy(request -> request.userName("bob").policyArn(arn));

        iam.close();
        server.close();
        server = startServer();
        iam = iam(ROOT);

        assertThat(arnOf(key)).endsWith(":user/bob");
        String document =
                iam.getUserPolicy(request -> request.userName("bob").policyName("inline"))
                        .policyDocument();
        assertThat(URLDecoder.decode(document, StandardCharsets.UTF_8)).isEqualTo(DOCUMENT);
        assertThat(
                        iam.listAttachedUserPolicies(request -> request.userName("bob"))
                                .attachedPolicies())
                .extracting(each -> each.policyArn())
                .containsExactly(arn);
        assertThat(iam.getPolicy(request -> request.policyArn(arn)).policy().attachmentCount())
                .isEqualTo(1);
    }

    @Test
    void whatIsInUseCannotBeDeleted() {
        iam.createUser(request -> request.userName("cid"));
        iam.createGroup(request -> request.groupName("devs"));
        iam.addUserToGroup(request -> request.groupName("devs").userName("cid"));
        String arn =
                iam.createPolicy(request -> request.policyName("p").policyDocument(DOCUMENT))
                        .policy()
                        .arn();
        iam.attachGroupPolicy(request -> request.groupName("devs").policyArn(arn));

        assertThatThrownBy(() -> iam.deleteUser(request -> request.userName("cid")))
                .isInstanceOf(DeleteConflictException.class);
        assertThatThrownBy(() -> iam.deleteGroup(request -> request.groupName("devs")))
                .isInstanceOf(DeleteConflictException.class);
        assertThatThrownBy(() -> iam.deletePolicy(request -> request.policyArn(arn)))
                .isInstanceOf(DeleteConflictException.class)
                .hasMessageContaining("Cannot delete a policy attached to entities.");

        iam.updateGroup(request -> request.groupName("devs").newGroupName("developers"));
        assertThat(iam.getGroup(request -> request.groupName("developers")).users())
                .extracting(user -> user.userName())
                .containsExactly("cid");
        iam.removeUserFromGroup(request -> request.groupName("developers").userName("cid"));
        iam.detachGroupPolicy(request -> request.groupName("developers").policyArn(arn));
        iam.deletePolicy(request -> request.policyArn(arn));
        iam.deleteGroup(request -> request.groupName("developers"));
        iam.deleteUser(request -> request.userName("cid"));
        assertThat(iam.listUsers().users()).isEmpty();
    }

    @Test
    void refusesInIamsWords() {
        iam.createUser(request -> request.userName("dora"));

        assertThatThrownBy(() -> iam.createUser(request -> request.userName("DORA")))
                .isInstanceOf(EntityAlreadyExistsException.class)
                .hasMessageContaining("User with name DORA already exists.");
        assertThatThrownBy(() -> iam.getUser(request -> request.userName("nobody")))
                .isInstanceOf(NoSuchEntityException.class)
                .hasMessageContaining("The user with name nobody cannot be found.");
        assertThatThrownBy(() ->
                        iam.putUserPolicy(request ->
                                request.userName("dora")
                                        .policyName("p")
                                        .policyDocument("{\"Version\":\"2012-10-17\"}")))
                .isInstanceOf(MalformedPolicyDocumentException.class)
                .hasMessageContaining("Syntax errors in policy.");
    }

    @Test
    void anotherNameOrPathNeedsPermissionForBoth() {
        iam.createUser(request -> request.userName("bob").path("/team/"));
        iam.createGroup(request -> request.groupName("devs").path("/team/"));
        iam.createUser(request -> request.userName("alice"));
        iam.putUserPolicy(request ->
                request.userName("alice")
                        .policyName("team")
                        .policyDocument(
                                """
                                {"Version": "2012-10-17", "Statement": [
                                  {"Effect": "Allow", "Action": "iam:Update*", "Resource": [
                                   "arn:aws:iam::000000000000:user/team/bob*",
                                   "arn:aws:iam::000000000000:group/team/*"]}]}\
                                """));
        try (IamClient alice = iam(keyOf("alice"))) {
            assertThatThrownBy(() -> alice.updateUser(r -> r.userName("bob").newUserName("carol")))
                    .hasMessageContaining("resource: arn:aws:iam::000000000000:user/team/carol ");
            assertThatThrownBy(() -> alice.updateUser(r -> r.userName("bob").newPath("/admin/")))
                    .hasMessageContaining("resource: arn:aws:iam::000000000000:user/admin/bob ");
            assertThatThrownBy(() -> alice.updateGroup(r -> r.groupName("devs").newPath("/admin/")))
                    .hasMessageContaining("resource: arn:aws:iam::000000000000:group/admin/devs ");

            alice.updateUser(r -> r.userName("bob").newUserName("bobby"));
            alice.updateGroup(r -> r.groupName("devs").newGroupName("ops"));
        }

        assertThat(iam.getUser(request -> request.userName("bobby")).user().path())
                .isEqualTo("/team/");
        assertThat(iam.getGroup(request -> request.groupName("ops")).group().path())
                .isEqualTo("/team/");
    }

    @Test
    void listsComeInPages() {
        for (int i = 0; i < 5; i++) {
            String name = "user" + i;
            iam.createUser(request -> request.userName(name));
        }

        assertThat(iam.listUsersPaginator(request -> request.maxItems(2)).users())
                .extracting(user -> user.userName())
                .containsExactly("user0", "user1", "user2", "user3", "user4");
        assertThat(iam.listPoliciesPaginator(request -> request.maxItems(9)).policies())
                .extracting(policy -> policy.policyName())
                .contains("AdministratorAccess", "ReadOnlyAccess")
                .doesNotHaveDuplicates();
    }

    @Test
    void tellsOfTheWholeAccount() {
        iam.createUser(request -> request.userName("eve"));
        AwsCredentials key = keyOf("eve");
        iam.createAccountAlias(request -> request.accountAlias("acme"));
        iam.attachUserPolicy(request ->
                request.userName("eve").policyArn("arn:aws:iam::aws:policy/AmazonSQSFullAccess"));

        assertThat(iam.listAccountAliases().accountAliases()).containsExactly("acme");
        assertThat(iam.getAccountSummary().summaryMapAsStrings())
                .containsEntry("Users", 1)
                .containsEntry("UsersQuota", 5000);
        var details = iam.getAccountAuthorizationDetails();
        assertThat(details.userDetailList().getFirst().attachedManagedPolicies())
                .extracting(policy -> policy.policyName())
                .containsExactly("AmazonSQSFullAccess");
        assertThat(details.policies()).hasSize(1);
        iam.generateCredentialReport();
        assertThat(iam.getCredentialReport().content().asUtf8String())
                .startsWith("user,arn,user_creation_time,")
                .contains("\neve,arn:aws:iam::000000000000:user/eve,")
                .doesNotContain(key.secretAccessKey());
    }
}
