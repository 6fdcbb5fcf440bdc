package io.millrace.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.millrace.policy.Policy;
import io.millrace.policy.PolicyKind;

import org.junit.jupiter.api.Test;

class AwsPoliciesTest {

    @Test
    void eachOfThemCanBeEvaluated() {
        assertThat(AwsPolicies.all()).hasSizeGreaterThan(40);
        AwsPolicies.all()
                .forEach((arn, policy) ->
                        assertThatCode(() -> Policy.parse(policy.document(), PolicyKind.IDENTITY))
                                .as(arn)
                                .doesNotThrowAnyException());
    }

    @Test
    void theyAreFoundByTheirArns() {
        assertThat(AwsPolicies.find("arn:aws:iam::aws:policy/AdministratorAccess")).isPresent();
        assertThat(
                        AwsPolicies.find(
                                "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"))
                .isPresent();
        assertThat(AwsPolicies.find("arn:aws:iam::aws:policy/Nothing")).isEmpty();
        assertThat(AwsPolicies.isOne("arn:aws:iam::000000000000:policy/Mine")).isFalse();
    }
}
