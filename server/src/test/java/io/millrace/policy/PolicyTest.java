package io.millrace.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

final class PolicyTest {
    private static final String TABLE = "arn:aws:dynamodb:us-east-1:111111111111:table/orders";

    private static String statement(String effect, String principal, String more) {
        return """
        {"Effect": "%s", "Principal": %s, "Action": "dynamodb:Get*", "Resource": "%s"%s}
        """
                .formatted(effect, principal, TABLE, more);
    }

    private static String policy(String... statements) {
        return "{\"Version\": \"2012-10-17\", \"Statement\": ["
                + String.join(",", statements)
                + "]}";
    }

    private static Access access(String principal, Map<String, List<String>> context) {
        return new Access(principal, "222222222222", "dynamodb:GetItem", TABLE, context);
    }

    private static Decision decide(String policy, String principal) throws PolicyException {
        return Policy.parse(policy).evaluate(access(principal, Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"AWS\": \"222222222222\"} | arn:aws:iam::222222222222:root | ALLOW",
                "{\"AWS\": \"222222222222\"} | arn:aws:iam::222222222222:user/eve | ALLOW",
                "{\"AWS\": \"arn:aws:iam::222222222222:user/eve\"} |"
                        + " arn:aws:iam::222222222222:user/eve | ALLOW",
                "{\"AWS\": \"arn:aws:iam::222222222222:user/eve\"} |"
                        + " arn:aws:iam::222222222222:root | IMPLICIT_DENY",
                "{\"AWS\": \"arn:aws:iam::222222222222:role/path/reader\"} |"
                        + " arn:aws:sts::222222222222:assumed-role/reader/session | ALLOW",
                "{\"AWS\": [\"333333333333\", \"222222222222\"]} |"
                        + " arn:aws:iam::222222222222:root | ALLOW",
                "{\"AWS\": \"333333333333\"} | arn:aws:iam::222222222222:root | IMPLICIT_DENY",
                "\"*\" | arn:aws:iam::222222222222:root | ALLOW"
            })
    void knowsWhomItIsAbout(String principal, String asking, Decision decision)
            throws PolicyException {
        assertThat(decide(policy(statement("Allow", principal, "")), asking)).isEqualTo(decision);
    }

    @Test
    void aDenialWinsWhereverItStands() throws PolicyException {
        String allow = statement("Allow", "{\"AWS\": \"222222222222\"}", "");
        String deny = statement("Deny", "\"*\"", "");
        String root = "arn:aws:iam::222222222222:root";

        assertThat(decide(policy(allow, deny), root)).isEqualTo(Decision.EXPLICIT_DENY);
        assertThat(decide(policy(deny, allow), root)).isEqualTo(Decision.EXPLICIT_DENY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"StringEquals\": {\"k\": [\"a\", \"b\"]}} | b | true",
                "{\"StringEquals\": {\"k\": \"a\"}} | A | false",
                "{\"StringEquals\": {\"K\": \"a\"}} | a | true",
                "{\"StringEquals\": {\"k\": \"a\"}} | | false",
                "{\"StringEqualsIfExists\": {\"k\": \"a\"}} | | true",
                "{\"StringNotEquals\": {\"k\": [\"a\", \"b\"]}} | b | false",
                "{\"StringNotEquals\": {\"k\": \"a\"}} | | true",
                "{\"StringEqualsIgnoreCase\": {\"k\": \"a\"}} | A | true",
                "{\"StringLike\": {\"k\": \"a*c?\"}} | abbcd | true",
                "{\"StringNotLike\": {\"k\": \"a*\"}} | abc | false",
                "{\"NumericLessThan\": {\"k\": \"10\"}} | 9.5 | true",
                "{\"NumericGreaterThanEquals\": {\"k\": 10}} | 10 | true",
                "{\"NumericEquals\": {\"k\": \"10\"}} | ten | false",
                "{\"DateLessThan\": {\"k\": \"2026-01-01T00:00:00Z\"}} | 2025-12-31 | true",
                "{\"DateGreaterThan\": {\"k\": \"0\"}} | 2025-12-31T01:02:03Z | true",
                "{\"Bool\": {\"k\": \"true\"}} | True | true",
                "{\"IpAddress\": {\"k\": \"192.0.2.0/24\"}} | 192.0.2.77 | true",
                "{\"IpAddress\": {\"k\": \"192.0.2.0/24\"}} | 192.0.3.77 | false",
                "{\"NotIpAddress\": {\"k\": \"2001:db8::/32\"}} | 2001:db8:1::1 | false",
                "{\"ArnLike\": {\"k\": \"arn:aws:s3:*:*:b*\"}} | arn:aws:s3:::bucket | true",
                "{\"ArnLike\": {\"k\": \"arn:aws:*:bucket\"}} | arn:aws:s3:::bucket | false",
                "{\"Null\": {\"k\": \"true\"}} | | true",
                "{\"Null\": {\"k\": \"true\"}} | a | false",
                "{\"ForAnyValue:StringEquals\": {\"k\": \"a\"}} | b,a | true",
                "{\"ForAllValues:StringEquals\": {\"k\": [\"a\", \"c\"]}} | b,a | false",
                "{\"ForAllValues:StringEquals\": {\"k\": \"a\"}} | | true",
                "{\"ForAnyValue:StringEquals\": {\"k\": \"a\"}} | | false",
                "{\"StringEquals\": {\"k\": \"a\"}, \"Bool\": {\"k\": \"a\"}} | a | true",
                "{\"StringEquals\": {\"k\": \"a\"}, \"Bool\": {\"k\": \"b\"}} | a | false"
            })
    void evaluatesConditions(String condition, String values, boolean holds)
            throws PolicyException {
        String policy = policy(statement("Allow", "\"*\"", ", \"Condition\": " + condition));
        Map<String, List<String>> context =
                values == null ? Map.of() : Map.of("k", List.of(values.split(",")));

        assertThat(Policy.parse(policy).evaluate(access("anyone", context)))
                .isEqualTo(holds ? Decision.ALLOW : Decision.IMPLICIT_DENY);
    }

    @Test
    void whatItIsNotAboutIsEverythingElse() throws PolicyException {
        String policy =
                """
                {"Statement": {"Effect": "Deny", "NotPrincipal": {"AWS": "222222222222"},
                 "NotAction": "dynamodb:Put*", "NotResource": "arn:aws:dynamodb:*:*:table/others"}}
                """;

        assertThat(decide(policy, "arn:aws:iam::222222222222:root"))
                .isEqualTo(Decision.IMPLICIT_DENY);
        Access other = new Access("anyone", "333333333333", "dynamodb:GetItem", TABLE, Map.of());
        assertThat(Policy.parse(policy).evaluate(other)).isEqualTo(Decision.EXPLICIT_DENY);
    }

    @Test
    void hasANormalForm() throws PolicyException {
        String written =
                """
                {"Statement": {"Resource": ["%s"], "Principal": {"AWS": ["222222222222",
                   "arn:aws:iam::222222222222:root"]}, "Action": ["dynamodb:GetItem"],
                   "Effect": "allow", "Sid": "a"},
                 "Version": "2012-10-17"}
                """
                        .formatted(TABLE);

        String normal = Policy.parse(written).text();

        assertThat(normal)
                .isEqualTo(
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"a\",\"Effect\":"
                                + "\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::222222222222:"
                                + "root\"},\"Action\":\"dynamodb:GetItem\",\"Resource\":\""
                                + TABLE
                                + "\"}]}");
        assertThat(Policy.parse(normal).text()).isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{not json | This policy contains invalid Json",
                "[] | This policy contains invalid Json",
                "{'Statement': []} | Could not parse the policy: Statement is empty!",
                "{'Statement': {'Principal': '*', 'Action': 'a:b', 'Resource': '*'}} | Missing"
                        + " required field Effect",
                "{'Statement': {'Effect': 'Allow', 'Action': 'a:b', 'Resource': '*'}} | Missing"
                        + " required field Principal",
                "{'Statement': {'Effect': 'Allow', 'Principal': '*', 'Resource': '*'}} | Missing"
                        + " required field Action",
                "{'Statement': {'Effect': 'Allow', 'Principal': '*', 'Action': 'a:b'}} | Missing"
                        + " required field Resource",
                "{'Statement': {'Effect': 'Allow', 'Principal': {'AWS': 'eve'}, 'Action': 'a:b',"
                        + " 'Resource': '*'}} | Invalid principal in policy document.",
                "{'Version': '2020-01-01', 'Statement': []} | The policy must contain a valid version"
                        + " string",
                "{'Statement': {'Effect': 'Allow', 'Principal': '*', 'Action': 'a:b', 'Resource':"
                        + " '*', 'Condition': {'Sounds': {'k': 'v'}}}} | Invalid Condition type :"
                        + " Sounds"
            })
    void refusesWhatIsNoPolicy(String text, String message) {
        PolicyException refusal =
                catchThrowableOfType(
                        PolicyException.class, () -> Policy.parse(text.replace('\'', '"')));

        assertThat(refusal).hasMessage(message);
    }

    @Test
    void aKeptPolicyThatCannotBeReadDeniesEverythingToAllButTheOwnersRoot() {
        Policy policy = Policy.kept("{\"Statement\": {\"Effect\": \"Allow\", \"Gone\": 1}}");

        assertThat(policy.evaluate(kept("arn:aws:iam::222222222222:user/eve", "222222222222")))
                .isEqualTo(Decision.EXPLICIT_DENY);
        assertThat(policy.evaluate(kept("arn:aws:iam::222222222222:root", "222222222222")))
                .isEqualTo(Decision.ALLOW);
        assertThat(policy.evaluate(kept("arn:aws:iam::222222222222:root", "333333333333")))
                .isEqualTo(Decision.IMPLICIT_DENY);
        assertThat(policy.evaluate(access("events.amazonaws.com", Map.of())))
                .isEqualTo(Decision.EXPLICIT_DENY);
        assertThat(Policy.kept("?", PolicyKind.IDENTITY).evaluate(kept("x", "222222222222")))
                .isEqualTo(Decision.EXPLICIT_DENY);
    }

    private static Access kept(String principal, String owner) {
        return access(
                principal,
                Map.of(
                        "aws:principalarn",
                        List.of(principal),
                        "aws:resourceaccount",
                        List.of(owner)));
    }

    @Test
    void knowsWhatItsConditionsAndVariablesAskFor() throws PolicyException {
        String tagged =
                statement(
                        "Allow",
                        "\"*\"",
                        ", \"Condition\": {\"StringEquals\": {\"sqs:ResourceTag/a\":"
                                + " \"${aws:username}\"}}");
        String variable =
                statement(
                        "Allow",
                        "\"*\"",
                        ", \"Condition\": {\"StringEquals\": {\"kms:ViaService\":"
                                + " \"${aws:ResourceTag/b}\"}}");

        assertThat(Policy.parse(policy(tagged)).keyServices())
                .containsExactlyInAnyOrder("aws", "sqs");
        assertThat(Policy.parse(policy(tagged)).asksForTags()).isTrue();
        assertThat(Policy.parse(policy(variable)).asksForTags()).isTrue();
        assertThat(Policy.parse(policy(statement("Allow", "\"*\"", ""))).asksForTags()).isFalse();
    }
}
