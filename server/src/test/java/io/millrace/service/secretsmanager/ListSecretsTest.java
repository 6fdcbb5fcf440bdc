package io.millrace.service.secretsmanager;

import static io.millrace.service.secretsmanager.SecretsManagerFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.secretsmanager.Filter;
import io.millrace.api.secretsmanager.ListSecretsRequest;
import io.millrace.api.secretsmanager.ListSecretsResponse;
import io.millrace.api.secretsmanager.SecretsmanagerApi;
import io.millrace.api.secretsmanager.Tag;
import io.millrace.api.secretsmanager.TagResourceRequest;
import io.millrace.api.secretsmanager.UpdateSecretRequest;
import io.millrace.engine.KeyWriter;
import io.millrace.storage.PageToken;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Lists: sorted, filtered, and in pages that have every secret once.
final class ListSecretsTest {
    private final SecretsManagerFixture aws = new SecretsManagerFixture();

    @BeforeEach
    void fill() {
        for (String name : List.of("prod/c", "test/b", "prod/a", "Prod/d", "test/e")) {
            aws.create(name, "v");
            aws.after("P1D");
        }
        describe("test/b", "The orders database");
        aws.after("P1D");
        describe("prod/c", "an api key");
        aws.value("prod/a", null);
        aws.after("P1D");
        aws.value("test/e", null);
        tag("prod/a", "team", "blue");
        tag("test/e", "Team", "green");
    }

    @ParameterizedTest
    @CsvSource({
        "name, asc, Prod/d prod/a prod/c test/b test/e",
        "name, desc, test/e test/b prod/c prod/a Prod/d",
        "created-date, asc, prod/c test/b prod/a Prod/d test/e",
        "created-date, desc, test/e Prod/d prod/a test/b prod/c",
        "last-changed-date, asc, prod/a Prod/d test/e test/b prod/c",
        "last-changed-date, desc, prod/c test/b test/e Prod/d prod/a",
        "last-accessed-date, desc, test/e prod/a test/b prod/c Prod/d",
        ", , prod/c test/b prod/a Prod/d test/e"
    })
    void pagesAreInTheOrderThatIsAskedFor(
            @Nullable String sortBy, @Nullable String order, String names) {
        List<String> seen = new ArrayList<>();
        String next = null;
        do {
            ListSecretsResponse page =
                    aws.call(
                            SecretsmanagerApi.LIST_SECRETS,
                            ListSecretsRequest.builder()
                                    .sortBy(sortBy)
                                    .sortOrder(order)
                                    .maxResults(2)
                                    .nextToken(next)
                                    .build());
            Objects.requireNonNull(page.secretList()).forEach(secret -> seen.add(secret.name()));
            next = page.nextToken();
        } while (next != null);

        assertThat(String.join(" ", seen)).isEqualTo(names);
    }

    @ParameterizedTest
    @CsvSource({
        "name, prod/, prod/c prod/a",
        "name, !prod/, test/b Prod/d test/e",
        "description, the ORDERS, test/b",
        "tag-key, team, prod/a",
        "tag-value, gr, test/e",
        "all, team, prod/a test/e",
        "all, DATABASE orders, test/b",
        "all, database key, ''",
        "primary-region, us, ''"
    })
    void filtersAsAwsDocumentsThem(String key, String value, String names) {
        ListSecretsResponse page =
                aws.call(
                        SecretsmanagerApi.LIST_SECRETS,
                        ListSecretsRequest.builder()
                                .filters(List.of(new Filter(key, List.of(value))))
                                .build());
        List<String> seen = new ArrayList<>();
        Objects.requireNonNull(page.secretList()).forEach(secret -> seen.add(secret.name()));

        assertThat(String.join(" ", seen)).isEqualTo(names);
    }

    @Test
    void aTokenOfAnotherOrderIsRefused() {
        String token =
                aws.call(
                                SecretsmanagerApi.LIST_SECRETS,
                                ListSecretsRequest.builder().maxResults(1).build())
                        .nextToken();

        assertRefused(
                () ->
                        aws.call(
                                SecretsmanagerApi.LIST_SECRETS,
                                ListSecretsRequest.builder()
                                        .sortBy("name")
                                        .nextToken(token)
                                        .build()),
                "InvalidNextTokenException",
                "The NextToken value is invalid.");
        assertRefused(
                () ->
                        aws.call(
                                SecretsmanagerApi.LIST_SECRETS,
                                ListSecretsRequest.builder().nextToken("!").build()),
                "InvalidNextTokenException",
                "The NextToken value is invalid.");
    }

    @Test
    void aTokenWithoutAPlaceIsRefused() {
        byte[] order = new KeyWriter(1).string("NAME").uint8(0).toBytes();

        assertRefused(
                () ->
                        aws.call(
                                SecretsmanagerApi.LIST_SECRETS,
                                ListSecretsRequest.builder()
                                        .sortBy("name")
                                        .sortOrder("asc")
                                        .nextToken(PageToken.of(order, order))
                                        .build()),
                "InvalidNextTokenException",
                "The NextToken value is invalid.");
    }

    private void describe(String name, String description) {
        aws.call(
                SecretsmanagerApi.UPDATE_SECRET,
                UpdateSecretRequest.builder()
                        .secretId(name)
                        .clientRequestToken(aws.ids.uuid())
                        .description(description)
                        .build());
    }

    private void tag(String name, String key, String value) {
        aws.call(
                SecretsmanagerApi.TAG_RESOURCE,
                new TagResourceRequest(name, List.of(new Tag(key, value))));
    }
}
