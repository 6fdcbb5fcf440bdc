package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.APIErrorType;
import io.millrace.api.secretsmanager.BatchGetSecretValueRequest;
import io.millrace.api.secretsmanager.BatchGetSecretValueResponse;
import io.millrace.api.secretsmanager.SecretValueEntry;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// `BatchGetSecretValue`: the current values of up to 20 secrets, listed or filtered; what cannot
/// be told of one of them stands among the errors. Errors: `InvalidNextTokenException`,
/// `InvalidParameterException`. Source: [API
/// reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html).
final class BatchGetSecretValue
        implements Operation<BatchGetSecretValueRequest, BatchGetSecretValueResponse> {
    private static final String EACH = "GetSecretValue";

    private final Store store;
    private final SecretRecords records;
    private final SecretPages pages;
    private final ValueReader reader;

    BatchGetSecretValue(Store store, SecretRecords records, SecretPages pages, ValueReader reader) {
        this.store = store;
        this.records = records;
        this.pages = pages;
        this.reader = reader;
    }

    @Override
    public BatchGetSecretValueResponse handle(Caller caller, BatchGetSecretValueRequest request) {
        boolean listed = request.secretIdList() != null;
        boolean filtered = request.filters() != null;
        if (listed == filtered) {
            throw SecretsManagerErrors.invalidParameter(
                    "Either 'SecretIdList' or 'Filters' must be provided, but not both.");
        }
        if (!filtered && request.maxResults() != null) {
            throw SecretsManagerErrors.invalidParameter(
                    "'Filters' not specified. 'Filters' must also be specified when 'MaxResults'"
                            + " is provided.");
        }
        List<String> ids = request.secretIdList();
        return ids == null ? filtered(caller, request) : listed(caller.calling(EACH), ids);
    }

    private BatchGetSecretValueResponse listed(Caller each, List<String> ids) {
        List<SecretValueEntry> found = new ArrayList<>();
        List<APIErrorType> errors = new ArrayList<>();
        for (String id : ids) {
            read(each, id, Optional.empty(), found, errors);
        }
        return answer(found, errors, null);
    }

    private BatchGetSecretValueResponse filtered(
            Caller caller, BatchGetSecretValueRequest request) {
        Predicate<Secret> filter = new SecretFilters(request.filters());
        Integer limit = request.maxResults();
        SecretPages.Query query =
                new SecretPages.Query(
                        caller.accountId(),
                        caller.region(),
                        SecretOrder.CREATED,
                        false,
                        limit == null ? SecretsManagerLimits.BATCH_SIZE : limit,
                        request.nextToken(),
                        filter.and(secret -> !secret.isDeleted()));
        SecretPages.Listed listed = store.read(snapshot -> pages.page(snapshot, query));
        Caller each = caller.calling(EACH);
        List<SecretValueEntry> found = new ArrayList<>();
        List<APIErrorType> errors = new ArrayList<>();
        for (Secret secret : listed.secrets()) {
            String arn = secret.arn().toString();
            read(each, arn, Optional.of(secret), found, errors);
        }
        return answer(found, errors, listed.nextToken());
    }

    /// What may not be read, or cannot be, is an error of its own.
    private void read(
            Caller each,
            String id,
            Optional<Secret> known,
            List<SecretValueEntry> found,
            List<APIErrorType> errors) {
        try {
            SecretId named = SecretId.of(each, id);
            known.or(() -> store.read(snapshot -> records.find(snapshot, named)))
                    .ifPresentOrElse(
                            secret -> Permission.checkIdentity(each, secret),
                            () -> Permission.checkIdentity(each, named));
            found.add(entry(reader.read(each, named, null, null)));
        } catch (ServiceException e) {
            errors.add(new APIErrorType(id, e.error().code(), e.message()));
        }
    }

    private static BatchGetSecretValueResponse answer(
            List<SecretValueEntry> found, List<APIErrorType> errors, @Nullable String nextToken) {
        return BatchGetSecretValueResponse.builder()
                .secretValues(found)
                .errors(errors)
                .nextToken(nextToken)
                .build();
    }

    private static SecretValueEntry entry(ValueReader.Read read) {
        return SecretValueEntry.builder()
                .arn(read.secret().arn().toString())
                .name(read.secret().own().name())
                .versionId(read.versionId())
                .secretString(read.value().text())
                .secretBinary(read.value().binary())
                .versionStages(read.secret().labels(read.versionId()))
                .createdDate(Secret.instant(read.version().createdMillis()))
                .build();
    }
}
