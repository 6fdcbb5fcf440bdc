package io.millrace.service.dynamodb;

import io.millrace.api.ErrorModel;
import io.millrace.api.InvalidMember;
import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.CancellationReason;
import io.millrace.api.dynamodb.ConditionalCheckFailedException;
import io.millrace.api.dynamodb.DynamodbApi.Errors;
import io.millrace.api.dynamodb.IdempotentParameterMismatchException;
import io.millrace.api.dynamodb.InvalidAttributeValue;
import io.millrace.api.dynamodb.ProvisionedThroughputExceededException;
import io.millrace.api.dynamodb.ThrottlingException;
import io.millrace.api.dynamodb.ThrottlingReason;
import io.millrace.api.dynamodb.TransactionCanceledException;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.item.ItemErrors;
import io.millrace.service.dynamodb.item.ItemRules;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// What DynamoDB refuses, in its own words. Source: the public suites that ran against AWS.
final class DynamoDbErrors {
    static final String KEY_MISMATCH = "The provided key element does not match the schema";

    private static final ErrorModel NOT_IMPLEMENTED = ErrorModel.of("NotImplemented", 501);
    private static final ErrorModel ACCESS_DENIED = ErrorModel.of("AccessDeniedException", 400);
    private static final String INVALID = "One or more parameter values were invalid: ";
    private static final String CAPACITY_EXCEEDED =
            "The level of configured provisioned throughput for the table was exceeded. Consider"
                    + " increasing your provisioning level with the UpdateTable API.";
    private static final String INDEX_CAPACITY_EXCEEDED =
            "The level of configured provisioned throughput for one or more global secondary"
                    + " indexes of the table was exceeded. Consider increasing your provisioning"
                    + " level for the under-provisioned global secondary indexes with the"
                    + " UpdateTable API";
    private static final String MAXIMUM_EXCEEDED =
            "Throughput exceeds the maximum OnDemandThroughput configured on table or index";
    private static final String CONDITION_FAILED = "The conditional request failed";

    private DynamoDbErrors() {}

    static ServiceException validation(String message) {
        return ItemErrors.validation(message);
    }

    /// Begins with "One or more parameter values were invalid".
    static ServiceException invalid(String message) {
        return validation(INVALID + message);
    }

    static ServiceException constraints(List<String> violations) {
        int count = violations.size();
        return validation(
                count
                        + (count == 1
                                ? " validation error detected: "
                                : " validation errors detected: ")
                        + String.join("; ", violations));
    }

    /// An attribute value of no type or of several: whatever is wrong with one of the given comes
    /// first.
    static ServiceException invalidMember(InvalidMember refusal) {
        if (refusal instanceof InvalidAttributeValue several) {
            try {
                several.given().forEach(ItemRules::normal);
            } catch (ServiceException e) {
                return e;
            }
        }
        return validation(refusal.message());
    }

    static ServiceException keyMismatch() {
        return validation(KEY_MISMATCH);
    }

    /// What the model has and Millrace does not do yet; never ignored.
    static ServiceException notImplemented(String what) {
        return new ServiceException(
                NOT_IMPLEMENTED, "Millrace does not implement this part of DynamoDB yet: " + what);
    }

    /// As operations on tables say it.
    static ServiceException tableNotFound(String name) {
        return new ServiceException(
                Errors.RESOURCE_NOT_FOUND_EXCEPTION,
                "Requested resource not found: Table: " + name + " not found");
    }

    static ServiceException noGlobalTable(String name) {
        return new ServiceException(
                Errors.RESOURCE_NOT_FOUND_EXCEPTION,
                "Global table with name: '" + name + "' does not exist.");
    }

    static ServiceException indexNotFound(String name, String tableName) {
        return new ServiceException(
                Errors.RESOURCE_NOT_FOUND_EXCEPTION,
                "Requested resource not found: Index: "
                        + name
                        + " not found for table: "
                        + tableName);
    }

    /// As operations on backups say it.
    static ServiceException noTableToBackUp(String name) {
        return new ServiceException(Errors.TABLE_NOT_FOUND_EXCEPTION, "Table not found: " + name);
    }

    static ServiceException backupNotFound(String arn) {
        return new ServiceException(Errors.BACKUP_NOT_FOUND_EXCEPTION, "Backup not found: " + arn);
    }

    static ServiceException backupInUse(String message) {
        return new ServiceException(Errors.BACKUP_IN_USE_EXCEPTION, message);
    }

    static ServiceException tableInUse(String message) {
        return new ServiceException(Errors.TABLE_IN_USE_EXCEPTION, message);
    }

    static ServiceException tooManyCopies(String name) {
        return new ServiceException(
                Errors.LIMIT_EXCEEDED_EXCEPTION,
                "Too many backups, restores and exports of a table at a time: " + name);
    }

    /// As operations that restore say it.
    static ServiceException targetExists(String name) {
        return new ServiceException(
                Errors.TABLE_ALREADY_EXISTS_EXCEPTION, "Table already exists: " + name);
    }

    static ServiceException noPointInTimeRecovery(String name) {
        return new ServiceException(
                Errors.POINT_IN_TIME_RECOVERY_UNAVAILABLE_EXCEPTION,
                "Point in time recovery is not enabled for table '" + name + "'");
    }

    static ServiceException continuousBackupsUnavailable(String message) {
        return new ServiceException(Errors.CONTINUOUS_BACKUPS_UNAVAILABLE_EXCEPTION, message);
    }

    static ServiceException invalidExportTime(String message) {
        return new ServiceException(Errors.INVALID_EXPORT_TIME_EXCEPTION, message);
    }

    static ServiceException exportNotFound(String arn) {
        return new ServiceException(Errors.EXPORT_NOT_FOUND_EXCEPTION, "Export not found: " + arn);
    }

    static ServiceException exportConflict() {
        return new ServiceException(
                Errors.EXPORT_CONFLICT_EXCEPTION,
                "An export with this client token has been requested with other parameters");
    }

    static ServiceException importNotFound(String arn) {
        return new ServiceException(Errors.IMPORT_NOT_FOUND_EXCEPTION, "Import not found: " + arn);
    }

    static ServiceException importConflict() {
        return new ServiceException(
                Errors.IMPORT_CONFLICT_EXCEPTION,
                "An import with this client token has been requested with other parameters");
    }

    static ServiceException invalidRestoreTime() {
        return new ServiceException(
                Errors.INVALID_RESTORE_TIME_EXCEPTION,
                "An invalid restore time was specified. RestoreDateTime must be between"
                        + " EarliestRestorableDateTime and LatestRestorableDateTime.");
    }

    /// As operations on items say it.
    static ServiceException notFound() {
        return new ServiceException(
                Errors.RESOURCE_NOT_FOUND_EXCEPTION, "Requested resource not found");
    }

    static ServiceException resourceNotFound(String arn) {
        return new ServiceException(
                Errors.RESOURCE_NOT_FOUND_EXCEPTION,
                "Requested resource not found: ResourcArn: " + arn + " not found");
    }

    static ServiceException tableExists(String name) {
        return new ServiceException(
                Errors.RESOURCE_IN_USE_EXCEPTION, "Table already exists: " + name);
    }

    static ServiceException beingCreated(String name) {
        return new ServiceException(
                Errors.RESOURCE_IN_USE_EXCEPTION,
                "Attempt to change a resource which is still in use: Table is being created: "
                        + name);
    }

    /// A backup, a restore or an export is reading the table.
    static ServiceException beingCopied(String name) {
        return new ServiceException(
                Errors.RESOURCE_IN_USE_EXCEPTION,
                "Attempt to change a resource which is still in use: Table is being backed up: "
                        + name);
    }

    /// As UpdateTable says it.
    static ServiceException noIndexToUpdate(String index, String table) {
        return new ServiceException(
                Errors.RESOURCE_NOT_FOUND_EXCEPTION,
                "Requested resource not found: Index " + index + " for table " + table);
    }

    static ServiceException inUse(String why) {
        return new ServiceException(
                Errors.RESOURCE_IN_USE_EXCEPTION,
                "Attempt to change a resource which is still in use: " + why);
    }

    static ServiceException limitExceeded(String limit) {
        return new ServiceException(
                Errors.LIMIT_EXCEEDED_EXCEPTION, "Subscriber limit exceeded: " + limit);
    }

    static ServiceException deletionProtected() {
        return validation(
                "Resource cannot be deleted as it is currently protected against deletion. Disable"
                        + " deletion protection first.");
    }

    static ServiceException denied(String message) {
        return new ServiceException(ACCESS_DENIED, message);
    }

    /// @param reason the message, or the ARN of the resource without a policy
    static ServiceException policyNotFound(String reason) {
        return new ServiceException(
                Errors.POLICY_NOT_FOUND_EXCEPTION,
                "Resource-based policy not found for the provided ResourceArn: " + reason);
    }

    static ServiceException streamNotFound(String label, String tableName) {
        return new ServiceException(
                Errors.RESOURCE_NOT_FOUND_EXCEPTION,
                "Requested resource not found: Stream: "
                        + label
                        + " not found for Table: "
                        + tableName);
    }

    static ServiceException accessDenied(String principalArn, String resourceArn) {
        return new ServiceException(
                ACCESS_DENIED,
                "User: "
                        + principalArn
                        + " is not authorized to perform this operation on resource: "
                        + resourceArn
                        + " because no resource-based policy allows it");
    }

    /// @param item what was there, when the caller asked for it
    static ServiceException conditionFailed(@Nullable Map<String, AttributeValue> item) {
        return new ServiceException(
                Errors.CONDITIONAL_CHECK_FAILED_EXCEPTION,
                CONDITION_FAILED,
                item == null
                        ? null
                        : ConditionalCheckFailedException.builder()
                                .message(CONDITION_FAILED)
                                .item(item)
                                .build());
    }

    /// A table's or a global index's capacity is used up.
    ///
    /// @param index null for the table itself
    static ServiceException throttled(Table table, @Nullable Index index, CapacityKind kind) {
        boolean provisioned = !table.settings().payPerRequest();
        String limit =
                provisioned ? "ProvisionedThroughputExceeded" : "MaxOnDemandThroughputExceeded";
        ThrottlingReason reason =
                new ThrottlingReason(
                        (index == null ? "Table" : "Index") + kind.word() + limit,
                        index == null ? table.arn() : table.arn() + "/index/" + index.name());
        if (!provisioned) {
            return new ServiceException(
                    Errors.THROTTLING_EXCEPTION,
                    MAXIMUM_EXCEEDED,
                    new ThrottlingException(MAXIMUM_EXCEEDED, List.of(reason)));
        }
        String message = index == null ? CAPACITY_EXCEEDED : INDEX_CAPACITY_EXCEEDED;
        return new ServiceException(
                Errors.PROVISIONED_THROUGHPUT_EXCEEDED_EXCEPTION,
                message,
                new ProvisionedThroughputExceededException(message, List.of(reason)));
    }

    static boolean isThrottling(ServiceException e) {
        return e.error().equals(Errors.THROTTLING_EXCEPTION)
                || e.error().equals(Errors.PROVISIONED_THROUGHPUT_EXCEEDED_EXCEPTION);
    }

    static ServiceException duplicateKeys() {
        return validation("Provided list of item keys contains duplicates");
    }

    /// @param reasons one for each item of the transaction
    static ServiceException transactionCancelled(List<CancellationReason> reasons) {
        StringBuilder codes = new StringBuilder();
        for (CancellationReason reason : reasons) {
            codes.append(codes.isEmpty() ? "" : ", ").append(reason.code());
        }
        String message =
                "Transaction cancelled, please refer cancellation reasons for specific reasons ["
                        + codes
                        + "]";
        return new ServiceException(
                Errors.TRANSACTION_CANCELED_EXCEPTION,
                message,
                new TransactionCanceledException(message, reasons));
    }

    static ServiceException tokenReused() {
        String message =
                "The provided client request token has already been used with different request"
                        + " parameters";
        return new ServiceException(
                Errors.IDEMPOTENT_PARAMETER_MISMATCH_EXCEPTION,
                message,
                new IdempotentParameterMismatchException(message));
    }

    /// @param kind `string` or `binary`
    static ServiceException indexKeyEmpty(String kind, String index, String attribute) {
        return validation(
                "One or more parameter values are not valid. A value specified for a secondary"
                        + " index key is not supported. The AttributeValue for a key attribute"
                        + " cannot contain an empty "
                        + kind
                        + " value. IndexName: "
                        + index
                        + ", IndexKey: "
                        + attribute);
    }

    /// @param kind `string` or `binary`
    static ServiceException updatedIndexKeyEmpty(String kind) {
        return validation(
                "One or more parameter values are not valid. The update expression attempted to"
                        + " update a secondary index key to a value that is not supported. The"
                        + " AttributeValue for a key attribute cannot contain an empty "
                        + kind
                        + " value.");
    }

    static ServiceException hashKeyTooLarge() {
        return invalid( // no space before the number: so says AWS
                "Size of hashkey has exceeded the maximum size limit of"
                        + DynamoDbLimits.HASH_KEY_BYTES_MAX
                        + " bytes");
    }

    static ServiceException noSuchIndex(String index) {
        return validation("The table does not have the specified index: " + index);
    }

    /// Worded as its siblings are; AWS's own words are not known.
    static ServiceException transactionTooLarge() {
        return validation(
                "The aggregate size of the items in the transaction has exceeded the maximum"
                        + " allowed size");
    }

    static ServiceException itemTooLarge() {
        return validation("Item size has exceeded the maximum allowed size");
    }

    static ServiceException updatedItemTooLarge() {
        return validation("Item size to update has exceeded the maximum allowed size");
    }
}
