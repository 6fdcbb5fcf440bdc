package io.millrace.service.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Most wordings are those that AWS was seen to answer with.
class PolicyDocumentTest {

    private static String grant(String statement) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[" + quoted(statement) + "]}";
    }

    private static String quoted(String text) {
        return text.replace('\'', '"');
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{'Effect':'Allow','Action':'*'} | Policy statement must contain resources.",
                "{'Effect':'Allow','Resource':'*'} | Policy statement must contain actions.",
                "{'Effect':'Maybe','Action':'*','Resource':'*'} | Syntax errors in policy.",
                "{'Effect':'Allow','Action':'*','Resource':'*','X':1} | Syntax errors in policy.",
                "{'Effect':'Allow','Action':'*','Resource':'x'}"
                        + " | Resource x must be in ARN format or \"*\".",
                "{'Effect':'Allow','Action':'*','Resource':'arn:foo:s3:::x'}"
                        + " | Partition \"foo\" is not valid for resource \"arn:foo:s3:::x\".",
                "{'Effect':'Allow','Action':'x','Resource':'*'} | Actions/Conditions must be"
                        + " prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
                "{'Effect':'Allow','Action':'a:b:c','Resource':'*'}"
                        + " | Actions/Condition can contain only one colon.",
                "{'Effect':'Allow','Action':'*','Resource':'*','Principal':'*'}"
                        + " | Policy document should not specify a principal.",
                "{'Effect':'Allow','Action':'*','Resource':'*','Condition':{'Foo':{'a:b':'c'}}}"
                        + " | Invalid Condition type : Foo",
            })
    void refusesWhatCannotGrant(String statement, String message) {
        assertThatThrownBy(() -> PolicyDocument.checkGrants(grant(statement))).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{'Effect':'Allow','Action':'sts:AssumeRole'}"
                        + " | AssumeRolepolicy must contain a principal",
                "{'Effect':'Allow','Action':'sts:AssumeRole','Principal':'*','Resource':'*'}"
                        + " | Has prohibited field Resource",
                "{'Effect':'Allow','Action':'s3:Get','Principal':'*'}"
                        + " | AssumeRole policy may only specify STS AssumeRole actions.",
                "{'Effect':'Allow','Action':'sts:AssumeRole','Principal':{'AWS':'x'}}"
                        + " | Invalid principal in policy: \"AWS\":\"x\"",
            })
    void refusesWhatCannotTrust(String statement, String message) {
        assertThatThrownBy(() -> PolicyDocument.checkTrust(grant(statement))).hasMessage(message);
    }

    @Test
    void takesWhatTheGrammarHas() {
        String statement =
                "{'Sid':'A1','Effect':'Deny','NotAction':['sqs:*','iam:Get*'],'NotResource':"
                        + "['arn:aws:sqs:*:*:x','arn:aws:iam::*:user/${aws:username}'],"
                        + "'Condition':{'ForAnyValue:StringLike':{'aws:TagKeys':['a','b']},"
                        + "'Bool':{'aws:SecureTransport':true}}}";
        assertThatCode(() -> PolicyDocument.checkGrants(grant(statement)))
                .doesNotThrowAnyException();
        String trust =
                quoted(
                        "{'Version':'2008-10-17','Statement':{'Effect':'Allow','Principal':"
                                + "{'AWS':'111122223333','Service':['a.amazonaws.com']},"
                                + "'Action':['sts:AssumeRole','sts:TagSession']}}");
        assertThatCode(() -> PolicyDocument.checkTrust(trust)).doesNotThrowAnyException();
        assertThat(PolicyDocument.awsPrincipals(trust)).containsExactly("111122223333");
    }

    @Test
    void countsWhatIsNotWhiteSpace() {
        assertThat(PolicyDocument.size("{ \"a\" :\n\t1 }")).isEqualTo(7);
    }

    @Test
    void refusesOldVersionsForGrants() {
        assertThatThrownBy(() ->
                        PolicyDocument.checkGrants(
                                quoted(
                                        "{'Statement':{'Effect':'Allow','Action':'*',"
                                                + "'Resource':'*'}}")))
                .hasMessage("Policy document must be version 2012-10-17 or greater.");
        assertThatThrownBy(() -> PolicyDocument.checkGrants("{"))
                .hasMessage("Syntax errors in policy.");
    }
}
