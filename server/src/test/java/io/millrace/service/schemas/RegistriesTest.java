package io.millrace.service.schemas;

import static io.millrace.service.schemas.SchemasFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.schemas.CreateRegistryRequest;
import io.millrace.api.schemas.DeleteRegistryRequest;
import io.millrace.api.schemas.DeleteResourcePolicyRequest;
import io.millrace.api.schemas.DescribeRegistryRequest;
import io.millrace.api.schemas.DescribeRegistryResponse;
import io.millrace.api.schemas.GetResourcePolicyRequest;
import io.millrace.api.schemas.ListRegistriesRequest;
import io.millrace.api.schemas.ListRegistriesResponse;
import io.millrace.api.schemas.ListTagsForResourceRequest;
import io.millrace.api.schemas.PutResourcePolicyRequest;
import io.millrace.api.schemas.PutResourcePolicyResponse;
import io.millrace.api.schemas.RegistrySummary;
import io.millrace.api.schemas.SchemasApi;
import io.millrace.api.schemas.TagResourceRequest;
import io.millrace.api.schemas.UntagResourceRequest;
import io.millrace.api.schemas.UpdateRegistryRequest;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.Objects;

final class RegistriesTest {

    private static final String ARN = "arn:aws:schemas:us-east-1:000000000000:registry/";
    private static final String POLICY =
            """
            {"Version":"2012-10-17","Statement":[{"Sid":"s","Effect":"Allow","Principal":"*",\
            "Action":"schemas:*","Resource":"*"}]}\
            """;

    private final SchemasFixture schemas = new SchemasFixture();

    @Test
    void makesDescribesUpdatesAndDeletesARegistry() {
        schemas.call(
                SchemasApi.CREATE_REGISTRY,
                CreateRegistryRequest.builder()
                        .registryName("shop")
                        .description("d")
                        .tags(Map.of("k", "v"))
                        .build());

        DescribeRegistryResponse made = describe("shop");
        schemas.call(
                SchemasApi.UPDATE_REGISTRY,
                UpdateRegistryRequest.builder().registryName("shop").description("e").build());

        assertThat(made.registryArn()).isEqualTo(ARN + "shop");
        assertThat(made.description()).isEqualTo("d");
        assertThat(made.tags()).isEqualTo(Map.of("k", "v"));
        assertThat(describe("shop").description()).isEqualTo("e");

        delete("shop");

        assertRefused(
                () -> describe("shop"),
                "NotFoundException",
                "Registry with name shop does not exist.");
    }

    @Test
    void refusesARegistryThatThereIs() {
        schemas.registry("shop");

        assertRefused(
                () -> schemas.registry("shop"),
                "ConflictException",
                "Registry with name shop already exists.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a/b", "é", ""})
    void refusesNamesWithOtherCharacters(String name) {
        assertRefused(
                () -> schemas.registry(name),
                "BadRequestException",
                "RegistryName may only have letters, digits, and the characters '.', '-', '_' and"
                        + " '@'.");
    }

    @Test
    void refusesReservedNames() {
        assertRefused(
                () -> schemas.registry("aws.mine"),
                "BadRequestException",
                "Registry name aws.mine is reserved.");
        assertRefused(
                () -> schemas.registry("discovered-schemas"),
                "BadRequestException",
                "Registry name discovered-schemas is reserved.");
    }

    @Test
    void whatAwsProvidesIsThereAndCannotBeChanged() {
        assertThat(describe("aws.events").registryArn())
                .isEqualTo("arn:aws:schemas:us-east-1::registry/aws.events");
        assertRefused(
                () -> delete("aws.events"),
                "ForbiddenException",
                "Registry with name aws.events is managed by AWS and cannot be changed.");
    }

    @Test
    void listsInOrderOfNamesByPrefixByScopeAndInPages() {
        List.of("b", "a1", "a2", "z").forEach(schemas::registry);

        assertThat(names(list(null, null))).containsExactly("a1", "a2", "aws.events", "b", "z");
        assertThat(names(list("a", null))).containsExactly("a1", "a2", "aws.events");
        assertThat(names(list(null, "LOCAL"))).containsExactly("a1", "a2", "b", "z");
        assertThat(names(list(null, "AWS"))).containsExactly("aws.events");

        ListRegistriesResponse first =
                schemas.call(
                        SchemasApi.LIST_REGISTRIES,
                        ListRegistriesRequest.builder().limit(3).build());
        ListRegistriesResponse second =
                schemas.call(
                        SchemasApi.LIST_REGISTRIES,
                        ListRegistriesRequest.builder()
                                .limit(3)
                                .nextToken(first.nextToken())
                                .build());

        assertThat(names(first)).containsExactly("a1", "a2", "aws.events");
        assertThat(names(second)).containsExactly("b", "z");
        assertThat(second.nextToken()).isNull();
    }

    @Test
    void refusesPagesThatAreNone() {
        assertRefused(
                () -> list(null, "Mine"), "BadRequestException", "Scope must be Local or AWS.");
        assertRefused(
                () ->
                        schemas.call(
                                SchemasApi.LIST_REGISTRIES,
                                ListRegistriesRequest.builder().limit(0).build()),
                "BadRequestException",
                "Limit must be greater than 0.");
        assertRefused(
                () ->
                        schemas.call(
                                SchemasApi.LIST_REGISTRIES,
                                ListRegistriesRequest.builder().nextToken("b3JkZXJz").build()),
                "BadRequestException",
                "NextToken is not valid.");
    }

    @Test
    void registriesOfOthersAreNotSeen() {
        schemas.registry("shop");

        assertRefused(
                () ->
                        schemas.call(
                                SchemasFixture.caller("111111111111", "us-east-1"),
                                SchemasApi.DESCRIBE_REGISTRY,
                                new DescribeRegistryRequest("shop")),
                "NotFoundException",
                "Registry with name shop does not exist.");
    }

    @Test
    void tagsAndUntags() {
        schemas.registry("shop");
        schemas.call(
                SchemasApi.TAG_RESOURCE,
                new TagResourceRequest(ARN + "shop", Map.of("a", "1", "b", "2")));
        schemas.call(
                SchemasApi.UNTAG_RESOURCE, new UntagResourceRequest(ARN + "shop", List.of("a")));

        assertThat(
                        schemas.call(
                                        SchemasApi.LIST_TAGS_FOR_RESOURCE,
                                        new ListTagsForResourceRequest(ARN + "shop"))
                                .tags())
                .isEqualTo(Map.of("b", "2"));
        assertRefused(
                () ->
                        schemas.call(
                                SchemasApi.TAG_RESOURCE,
                                new TagResourceRequest(ARN + "shop", Map.of("aws:x", ""))),
                "BadRequestException",
                "Tag keys must not begin with aws:.");
        assertRefused(
                () ->
                        schemas.call(
                                SchemasApi.LIST_TAGS_FOR_RESOURCE,
                                new ListTagsForResourceRequest("arn:aws:sqs:us-east-1:0:q")),
                "BadRequestException",
                "Resource ARN arn:aws:sqs:us-east-1:0:q is not valid.");
    }

    @Test
    void aPolicyIsKeptWithARevisionThatGuardsIt() {
        schemas.registry("shop");
        PutResourcePolicyResponse first = policy("shop", POLICY, null);
        PutResourcePolicyResponse second = policy("shop", POLICY, first.revisionId());

        assertThat(second.revisionId()).isNotEqualTo(first.revisionId());
        assertThat(
                        schemas.call(
                                        SchemasApi.GET_RESOURCE_POLICY,
                                        new GetResourcePolicyRequest("shop"))
                                .policy())
                .isEqualTo(POLICY.replace("[{", "[{"));
        assertRefused(
                () -> policy("shop", POLICY, first.revisionId()),
                "PreconditionFailedException",
                "The revision ID does not match the current revision of the policy.");
        assertRefused(
                () -> policy("shop", "{", null),
                "BadRequestException",
                "This policy contains invalid Json");

        schemas.call(SchemasApi.DELETE_RESOURCE_POLICY, new DeleteResourcePolicyRequest("shop"));

        assertRefused(
                () ->
                        schemas.call(
                                SchemasApi.GET_RESOURCE_POLICY,
                                new GetResourcePolicyRequest("shop")),
                "NotFoundException",
                "Resource policy for registry shop does not exist.");
    }

    private PutResourcePolicyResponse policy(
            String registry, String policy, @Nullable String revisionId) {
        return schemas.call(
                SchemasApi.PUT_RESOURCE_POLICY,
                new PutResourcePolicyRequest(policy, registry, revisionId));
    }

    private DescribeRegistryResponse describe(String name) {
        return schemas.call(SchemasApi.DESCRIBE_REGISTRY, new DescribeRegistryRequest(name));
    }

    private void delete(String name) {
        schemas.call(SchemasApi.DELETE_REGISTRY, new DeleteRegistryRequest(name));
    }

    private ListRegistriesResponse list(@Nullable String prefix, @Nullable String scope) {
        return schemas.call(
                SchemasApi.LIST_REGISTRIES,
                ListRegistriesRequest.builder().registryNamePrefix(prefix).scope(scope).build());
    }

    private static List<@Nullable String> names(ListRegistriesResponse response) {
        return Objects.requireNonNull(response.registries()).stream()
                .<@Nullable String>map(RegistrySummary::registryName)
                .toList();
    }
}
