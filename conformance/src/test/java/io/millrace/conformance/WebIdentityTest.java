package io.millrace.conformance;

import static io.millrace.conformance.SecuredServer.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityResponse;
import software.amazon.awssdk.services.sts.model.Credentials;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/// With a token of an identity provider that the account trusts a role is assumed, without any
/// access key: STS asks the provider for its keys, and the role's trust policy for the rest.
final class WebIdentityTest {
    private static final String ROLE = "arn:aws:iam::000000000000:role/web";

    @TempDir Path data;
    private SecuredServer server;
    private StsClient sts;
    private HttpServer provider;
    private String issuer;
    private String name;
    private KeyPair key;

    @BeforeEach
    void start() throws Exception {
        server = new SecuredServer(data);
        sts =
                server.client(
                        StsClient.builder(), SecuredServer.ROOT); // its signature does not count
        KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
        keys.initialize(2048);
        key = keys.generateKeyPair();
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        name = "localhost:" + provider.getAddress().getPort() + "/realm";
        issuer = "http://" + name;
        serve(
                "/realm/.well-known/openid-configuration",
                "{\"issuer\": \"" + issuer + "\", \"jwks_uri\": \"" + issuer + "/keys\"}");
        serve("/realm/keys", keySet((RSAPublicKey) key.getPublic()));
        provider.start();
        server.iam().createOpenIDConnectProvider(r -> r.url(issuer).clientIDList("app", "other"));
        trust("'StringEquals': {'" + name + ":sub': 'ann', '" + name + ":aud': 'app'}");
    }

    @AfterEach
    void stop() {
        provider.stop(0);
        sts.close();
        server.close();
    }

    private void serve(String path, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        provider.createContext(
                path,
                exchange -> {
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
    }

    private static String keySet(RSAPublicKey key) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return "{\"keys\": [{\"kty\": \"RSA\", \"kid\": \"k1\", \"use\": \"sig\", \"e\": \"AQAB\","
                + " \"n\": \""
                + encoder.encodeToString(key.getModulus().toByteArray())
                + "\"}]}";
    }

    /// Makes the role, trusted under the condition, with leave to list queues.
    private void trust(String condition) {
        String policy =
                ("{'Version': '2012-10-17', 'Statement': {'Effect': 'Allow', 'Principal':"
                                + " {'Federated': 'arn:aws:iam::000000000000:oidc-provider/"
                                + name
                                + "'}, 'Action': ['sts:AssumeRoleWithWebIdentity',"
                                + " 'sts:TagSession'], 'Condition': {"
                                + condition
                                + "}}}")
                        .replace('\'', '"');
        IamClient iam = server.iam();
        iam.createRole(r -> r.roleName("web").assumeRolePolicyDocument(policy));
        iam.putRolePolicy(r ->
                r.roleName("web")
                        .policyName("p")
                        .policyDocument(
                                ("{'Version': '2012-10-17', 'Statement': {'Effect': 'Allow',"
                                                + " 'Action': 'sqs:ListQueues', 'Resource': '*',"
                                                + " 'Condition': {'StringEquals': {'"
                                                + name
                                                + ":sub': 'ann', 'aws:PrincipalTag/team': 'red'}}}}")
                                        .replace('\'', '"')));
    }

    /// A token whose claims stand with single quotes.
    private String token(String claims) throws GeneralSecurityException {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String signed =
                encode("{'alg': 'RS256', 'kid': 'k1'}")
                        + "."
                        + encode(("{'iss': '" + issuer + "', " + claims + "}"));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + encoder.encodeToString(signature.sign());
    }

    private static String encode(String json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static String times(int seconds) {
        long now = Instant.now().getEpochSecond();
        return "'iat': " + now + ", 'exp': " + (now + seconds);
    }

    private AssumeRoleWithWebIdentityResponse assume(String token) {
        return sts.assumeRoleWithWebIdentity(
                r -> r.roleArn(ROLE).roleSessionName("session").webIdentityToken(token));
    }

    @Test
    void aTokenOfTheProviderMakesASessionThatPoliciesKnow() throws Exception {
        AssumeRoleWithWebIdentityResponse answer =
                assume(
                        token(
                                "'sub': 'ann', 'aud': 'app', "
                                        + times(3600)
                                        + ", 'https://aws.amazon.com/tags': {'principal_tags':"
                                        + " {'team': ['red']}}"));

        assertThat(answer.subjectFromWebIdentityToken()).isEqualTo("ann");
        assertThat(answer.audience()).isEqualTo("app");
        assertThat(answer.provider()).isEqualTo("arn:aws:iam::000000000000:oidc-provider/" + name);
        assertThat(answer.assumedRoleUser().arn())
                .isEqualTo("arn:aws:sts::000000000000:assumed-role/web/session");
        Credentials keys = answer.credentials();
        AwsCredentials session =
                AwsSessionCredentials.create(
                        keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
        try (SqsClient sqs = server.client(SqsClient.builder(), session)) {
            assertThat(sqs.listQueues().queueUrls()).isEmpty();
            assertThat(refusal(() -> sqs.createQueue(r -> r.queueName("q"))))
                    .startsWith("AccessDenied: User: " + answer.assumedRoleUser().arn());
        }
    }

    /// Without a session policy a federated user may do nothing, whatever its maker may.
    @Test
    void aFederatedUserHasOnlyWhatItsSessionPolicyGives() {
        server.grant("{'Effect': 'Allow', 'Action': '*', 'Resource': '*'}");
        try (StsClient alice = server.client(StsClient.builder(), server.alice())) {
            Credentials keys = alice.getFederationToken(r -> r.name("guest")).credentials();
            AwsCredentials guest =
                    AwsSessionCredentials.create(
                            keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
            try (SqsClient sqs = server.client(SqsClient.builder(), guest)) {
                assertThat(refusal(sqs::listQueues)).startsWith("AccessDenied: ");
            }
        }
    }

    @Test
    void aTokenThatIsNotGoodIsRefusedWithTheReason() throws Exception {
        String good = token("'sub': 'ann', 'aud': 'app', " + times(3600));

        assertThat(refusal(() -> assume("not.a.token")))
                .isEqualTo(
                        "InvalidIdentityToken: The ID Token provided is not a valid JWT. (You may"
                                + " see this error if you sent an Access Token)");
        String others =
                "{'iss': '" + issuer + "', 'sub': 'bob', 'aud': 'app', " + times(3600) + "}";
        String swapped =
                good.substring(0, good.indexOf('.') + 1)
                        + encode(others)
                        + good.substring(good.lastIndexOf('.'));
        assertThat(refusal(() -> assume(swapped)))
                .isEqualTo("InvalidIdentityToken: The signature of the token is not valid.");
        int dot = good.lastIndexOf('.');
        char other = good.charAt(dot + 10) == 'A' ? 'B' : 'A';
        String forged = good.substring(0, dot + 10) + other + good.substring(dot + 11);
        assertThat(refusal(() -> assume(forged)))
                .isEqualTo("InvalidIdentityToken: The signature of the token is not valid.");
        String expired = token("'sub': 'ann', 'aud': 'app', " + times(-5));
        assertThat(refusal(() -> assume(expired)))
                .startsWith("ExpiredTokenException: Token expired: current date/time ");
        String early = token("'sub': 'ann', 'aud': 'app', 'nbf': 32503680000.5, " + times(3600));
        assertThat(refusal(() -> assume(early)))
                .isEqualTo("InvalidIdentityToken: The token is not valid yet.");
        String never = token("'sub': 'ann', 'aud': 'app', 'nbf': '32503680000', " + times(3600));
        assertThat(refusal(() -> assume(never)))
                .startsWith("InvalidIdentityToken: The ID Token provided is not a valid JWT.");
        String elsewhere = token("'sub': 'ann', 'aud': 'foreign', " + times(3600));
        assertThat(refusal(() -> assume(elsewhere)))
                .isEqualTo("InvalidIdentityToken: Incorrect token audience");
        String nobody = token("'aud': 'app', " + times(3600));
        assertThat(refusal(() -> assume(nobody)))
                .isEqualTo("InvalidIdentityToken: Missing a required claim: sub");
        for (String claims :
                List.of("'sub': 'bob', 'aud': 'app'", "'sub': 'ann', 'aud': 'other'")) {
            String untrusted = token(claims + ", " + times(3600));
            assertThat(refusal(() -> assume(untrusted)))
                    .isEqualTo(
                            "AccessDenied: Not authorized to perform"
                                    + " sts:AssumeRoleWithWebIdentity");
        }
        assume(good);
        server.iam()
                .deleteOpenIDConnectProvider(r ->
                        r.openIDConnectProviderArn(
                                "arn:aws:iam::000000000000:oidc-provider/" + name));
        assertThat(refusal(() -> assume(good)))
                .isEqualTo(
                        "InvalidIdentityToken: No OpenIDConnect provider found in your account for "
                                + issuer);
    }

    @Test
    void theTrustPolicyKnowsTheTimeOfARequestThatNobodySigned() throws Exception {
        String good = token("'sub': 'ann', 'aud': 'app', " + times(3600));
        String statement =
                "{'Effect': '%s', 'Principal': {'Federated':"
                        + " 'arn:aws:iam::000000000000:oidc-provider/"
                        + name
                        + "'}, 'Action': 'sts:AssumeRoleWithWebIdentity'";
        String policy =
                ("{'Version': '2012-10-17', 'Statement': ["
                                + statement.formatted("Allow")
                                + "}, "
                                + statement.formatted("Deny")
                                + ", 'Condition': {'DateGreaterThan': {'aws:CurrentTime':"
                                + " '2020-01-01T00:00:00Z'}}}]}")
                        .replace('\'', '"');
        assume(good);
        server.iam().updateAssumeRolePolicy(r -> r.roleName("web").policyDocument(policy));

        assertThat(refusal(() -> assume(good)))
                .isEqualTo("AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity");
    }

    @Test
    void aTokenThatNobodySignedIsRefused() {
        String unsigned =
                encode("{'alg': 'none'}")
                        + "."
                        + encode(
                                "{'iss': '"
                                        + issuer
                                        + "', 'sub': 'ann', 'aud': 'app', "
                                        + times(3600)
                                        + "}")
                        + ".";

        assertThat(refusal(() -> assume(unsigned)))
                .isEqualTo("InvalidIdentityToken: The signature of the token is not valid.");
    }

    @Test
    void aProviderThatDoesNotAnswerVouchesForNobody() throws Exception {
        String good = token("'sub': 'ann', 'aud': 'app', " + times(3600));
        provider.stop(0);

        assertThat(refusal(() -> assume(good)))
                .startsWith(
                        "InvalidIdentityToken: Couldn't retrieve verification key from your"
                                + " identity provider");
    }

    @Test
    void aProviderIsKeptAndChanged() {
        IamClient iam = server.iam();
        String arn =
                iam.createOpenIDConnectProvider(r ->
                                r.url("https://idp.example.com/a")
                                        .clientIDList("one")
                                        .thumbprintList("a".repeat(40))
                                        .tags(Tag.builder().key("k").value("v").build()))
                        .openIDConnectProviderArn();

        assertThat(arn).isEqualTo("arn:aws:iam::000000000000:oidc-provider/idp.example.com/a");
        iam.addClientIDToOpenIDConnectProvider(
                r -> r.openIDConnectProviderArn(arn).clientID("two"));
        iam.removeClientIDFromOpenIDConnectProvider(
                r -> r.openIDConnectProviderArn(arn).clientID("one"));
        iam.updateOpenIDConnectProviderThumbprint(
                r -> r.openIDConnectProviderArn(arn).thumbprintList("b".repeat(40)));
        iam.untagOpenIDConnectProvider(r -> r.openIDConnectProviderArn(arn).tagKeys("k"));
        iam.tagOpenIDConnectProvider(r ->
                r.openIDConnectProviderArn(arn)
                        .tags(Tag.builder().key("team").value("red").build()));

        var told = iam.getOpenIDConnectProvider(r -> r.openIDConnectProviderArn(arn));
        assertThat(told.url()).isEqualTo("idp.example.com/a");
        assertThat(told.clientIDList()).containsExactly("two");
        assertThat(told.thumbprintList()).containsExactly("b".repeat(40));
        assertThat(told.tags()).extracting(Tag::key).containsExactly("team");
        assertThat(iam.listOpenIDConnectProviders().openIDConnectProviderList()).hasSize(2);
        assertThat(
                        refusal(() ->
                                iam.createOpenIDConnectProvider(
                                        r -> r.url("https://idp.example.com/a"))))
                .isEqualTo(
                        "EntityAlreadyExists: Provider with url https://idp.example.com/a already"
                                + " exists.");
        assertThat(
                        refusal(() ->
                                iam.createOpenIDConnectProvider(
                                        r -> r.url("http://idp.example.com"))))
                .isEqualTo("ValidationError: Invalid Open ID Connect Provider URL");
        iam.deleteOpenIDConnectProvider(r -> r.openIDConnectProviderArn(arn));
        assertThat(
                        refusal(() ->
                                iam.getOpenIDConnectProvider(r -> r.openIDConnectProviderArn(arn))))
                .isEqualTo("NoSuchEntity: OpenIDConnect Provider not found for arn " + arn);
    }
}
