package io.millrace.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.Client;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Credential;
import io.millrace.wire.Identity;
import io.millrace.wire.Permissions;
import io.millrace.wire.PrincipalType;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

final class AccessTest {

    @Test
    void nothingOfTheSignerIsKnownOfWhomAProviderVouchesFor() {
        String arn = "arn:aws:iam::000000000000:user/alice";
        Identity alice =
                new Identity(
                        new Credential("AKID", "s", null),
                        "000000000000",
                        arn,
                        "AIDA",
                        PrincipalType.USER,
                        Permissions.ROOT,
                        Map.of(
                                "aws:username", List.of("alice"),
                                "aws:multifactorauthpresent", List.of("true"),
                                "aws:principaltag/team", List.of("red"),
                                "idp.example.com:amr", List.of("mfa")));
        Caller caller =
                new Caller(
                        "000000000000",
                        "us-east-1",
                        arn,
                        "AIDA",
                        "r",
                        "http://x",
                        "AssumeRoleWithWebIdentity",
                        "10.0.0.9",
                        Client.UNSEEN,
                        null,
                        alice,
                        Map.of(
                                "aws:multifactorauthage", List.of("1"),
                                "aws:epochtime", List.of("1700000000")));

        Access access =
                Access.ofFederated(
                        caller,
                        "arn:aws:iam::000000000000:oidc-provider/idp.example.com",
                        "sts:AssumeRoleWithWebIdentity",
                        Arn.of("iam", "", "000000000000", "role/web"));

        assertThat(access.context().keySet())
                .containsExactlyInAnyOrder(
                        "aws:principalisawsservice",
                        "aws:viaawsservice",
                        "aws:requestedregion",
                        "aws:resourceaccount",
                        "aws:securetransport",
                        "aws:sourceip",
                        "aws:epochtime");
    }
}
