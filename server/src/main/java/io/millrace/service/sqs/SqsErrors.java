package io.millrace.service.sqs;

import io.millrace.api.ErrorModel;
import io.millrace.api.Member;
import io.millrace.api.Shape;
import io.millrace.api.sqs.SqsApi;
import io.millrace.policy.Decision;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Every refusal of SQS, in the words of AWS. Some errors are not in its model: they have the names
/// of its JSON answers and, for the query protocol, the older codes.
final class SqsErrors {

    private static final ErrorModel INVALID_PARAMETER_VALUE =
            new ErrorModel(
                    "InvalidParameterValueException",
                    "InvalidParameterValueException",
                    400,
                    true,
                    "InvalidParameterValue",
                    400);
    private static final ErrorModel MISSING_PARAMETER =
            new ErrorModel(
                    "MissingRequiredParameterException",
                    "MissingRequiredParameterException",
                    400,
                    true,
                    "MissingParameter",
                    400);

    private static final ErrorModel ACCESS_DENIED =
            new ErrorModel(
                    "AccessDeniedException",
                    "AccessDeniedException",
                    400,
                    true,
                    "AccessDenied",
                    403);

    private static final String NO_QUEUE = "The specified queue does not exist.";

    private static final Pattern VIOLATION =
            Pattern.compile("Value (?:'(.*)' )?.*?at '([^']*)' failed.*", Pattern.DOTALL);

    private SqsErrors() {}

    /// Constraints of the model that a request violates; SQS speaks of the first. A batch without
    /// entries is an empty one.
    static ServiceException violations(Shape input, List<String> violations) {
        String first = violations.getFirst();
        Matcher violation = VIOLATION.matcher(first);
        if (!violation.matches()) {
            return new ServiceException(INVALID_PARAMETER_VALUE, first);
        }
        String path = violation.group(2);
        if (first.contains("Member must not be null")) {
            return path.equals("entries")
                    ? emptyBatch(name(input) + "Entry")
                    : missingParameter(parameter(input, path.substring(path.lastIndexOf('.') + 1)));
        }
        String value = String.valueOf(violation.group(1));
        return path.toLowerCase(Locale.ROOT).contains("attribute")
                ? unknownAttribute(value)
                : new ServiceException(INVALID_PARAMETER_VALUE, first);
    }

    private static String name(Shape input) {
        String name = input.schema().qualifiedName();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /// A member as the API calls it, of which a path has another case.
    private static String parameter(Shape input, String member) {
        for (Member each : input.schema().members()) {
            if (each.name().equalsIgnoreCase(member)) {
                return each.name();
            }
        }
        return member.substring(0, 1).toUpperCase(Locale.ROOT) + member.substring(1);
    }

    static ServiceException queueDoesNotExist() {
        return new ServiceException(SqsApi.Errors.QUEUE_DOES_NOT_EXIST, NO_QUEUE);
    }

    /// A URL that cannot be one of a queue.
    static ServiceException invalidAddress(String queueUrl) {
        return new ServiceException(
                SqsApi.Errors.INVALID_ADDRESS,
                "The address " + queueUrl + " is not valid for this endpoint.");
    }

    /// A message as the query protocol has it.
    static String inQuery(String message) {
        return message.equals(NO_QUEUE)
                ? "The specified queue does not exist for this wsdl version."
                : message;
    }

    static ServiceException denied(
            Caller caller, String action, String queueArn, Decision decision) {
        String reason =
                decision == Decision.EXPLICIT_DENY
                        ? " with an explicit deny in a resource-based policy"
                        : " because no resource-based policy allows the " + action + " action";
        return new ServiceException(
                ACCESS_DENIED,
                "User: "
                        + caller.principalArn()
                        + " is not authorized to perform: "
                        + action
                        + " on resource: "
                        + queueArn
                        + reason);
    }

    /// What services hear, and tell in dead letters and logs.
    static ServiceException deliveryDenied(Queue queue) {
        return new ServiceException(
                ACCESS_DENIED,
                "Access to the resource "
                        + queue.url("https://sqs." + queue.region() + ".amazonaws.com")
                        + " is denied.");
    }

    static ServiceException unknownAction(String name) {
        return invalidValue(
                name.indexOf(':') < 0 ? "SQS:" + name : name,
                "ActionName",
                "Please refer to the appropriate WSDL for a list of valid actions. ");
    }

    static ServiceException tooMany(String what, int count, int countMax) {
        return new ServiceException(
                SqsApi.Errors.OVER_LIMIT,
                count + " " + what + " were found, maximum allowed is " + countMax + ".");
    }

    static ServiceException queueExists(String attribute) {
        return new ServiceException(
                SqsApi.Errors.QUEUE_NAME_EXISTS,
                "A queue already exists with the same name and a different value for attribute "
                        + attribute);
    }

    static ServiceException queueDeletedRecently() {
        return new ServiceException(
                SqsApi.Errors.QUEUE_DELETED_RECENTLY,
                "You must wait 60 seconds after deleting a queue before you can create another"
                        + " with the same name.");
    }

    static ServiceException purgeInProgress(String queue) {
        return new ServiceException(
                SqsApi.Errors.PURGE_QUEUE_IN_PROGRESS,
                "Only one PurgeQueue operation on " + queue + " is allowed every 60 seconds.");
    }

    static ServiceException missingParameter(String name) {
        return new ServiceException(
                MISSING_PARAMETER, "The request must contain the parameter " + name + ".");
    }

    static ServiceException emptyQueueName() {
        return invalid("Queue name cannot be empty");
    }

    static ServiceException invalidQueueName() {
        return invalid(
                "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in"
                        + " length");
    }

    static ServiceException invalidFifoQueueName() {
        return invalid(
                "The name of a FIFO queue can only include alphanumeric characters, hyphens, or"
                        + " underscores, must end with .fifo suffix and be 1 to 80 in length.");
    }

    static ServiceException unknownAttribute(String name) {
        return new ServiceException(
                SqsApi.Errors.INVALID_ATTRIBUTE_NAME, "Unknown Attribute " + name + ".");
    }

    static ServiceException onlyForFifo(String attribute) {
        return new ServiceException(
                SqsApi.Errors.INVALID_ATTRIBUTE_NAME,
                "You can specify the " + attribute + " only when FifoQueue is set to true.");
    }

    static ServiceException twoEncryptions() {
        return new ServiceException(
                SqsApi.Errors.INVALID_ATTRIBUTE_NAME,
                "You can use one type of server-side encryption (SSE) at one time. You can either"
                        + " enable KMS SSE or SQS SSE.");
    }

    static ServiceException invalidAttribute(String name) {
        return new ServiceException(
                SqsApi.Errors.INVALID_ATTRIBUTE_VALUE,
                "Invalid value for the parameter " + name + ".");
    }

    static ServiceException invalidAttribute(String name, String reason) {
        return new ServiceException(
                SqsApi.Errors.INVALID_ATTRIBUTE_VALUE,
                "Invalid value for the parameter " + name + ". Reason: " + reason);
    }

    static ServiceException invalidValue(Object value, String parameter, String reason) {
        return invalid(
                "Value "
                        + value
                        + " for parameter "
                        + parameter
                        + " is invalid. Reason: "
                        + reason);
    }

    static ServiceException messageTooLong(int bytesMax) {
        return invalid(
                "One or more parameters are invalid. Reason: Message must be shorter than "
                        + bytesMax
                        + " bytes.");
    }

    static ServiceException listValues(String operation) {
        return new ServiceException(
                SqsApi.Errors.UNSUPPORTED_OPERATION,
                "Message attribute list values in " + operation + " operation are not supported.");
    }

    static ServiceException invalidNextToken() {
        return invalid("Invalid or expired next token.");
    }

    static ServiceException invalidCharacters() {
        return new ServiceException(SqsApi.Errors.INVALID_MESSAGE_CONTENTS, INVALID_CHARACTERS);
    }

    static ServiceException invalidAttributeCharacters() {
        return invalid(INVALID_CHARACTERS);
    }

    static ServiceException invalid(String message) {
        return new ServiceException(INVALID_PARAMETER_VALUE, message);
    }

    static ServiceException deduplicationRequired() {
        return invalid(
                "The queue should either have ContentBasedDeduplication enabled or"
                        + " MessageDeduplicationId provided explicitly");
    }

    static ServiceException groupRequiredInBatch() {
        return invalid("The request must contain the parameter MessageGroupId.");
    }

    static ServiceException receiptHandleIsInvalid(String handle) {
        return new ServiceException(
                SqsApi.Errors.RECEIPT_HANDLE_IS_INVALID,
                "The input receipt handle \"" + handle + "\" is not a valid receipt handle.");
    }

    static ServiceException receiptHandleExpired(String handle) {
        return invalidValue(handle, "ReceiptHandle", "The receipt handle has expired.");
    }

    static ServiceException receiptHandleOfEntryExpired() {
        return new ServiceException(
                SqsApi.Errors.RECEIPT_HANDLE_IS_INVALID, "The receipt handle has expired");
    }

    static ServiceException attemptNotRepeatable(String id) {
        return invalidValue(
                id,
                "ReceiveRequestAttemptId",
                "The receiveRequestAttemptId is not valid anymore since the receive call is not"
                        + " retryable.");
    }

    static ServiceException notInFlight(String handle) {
        return invalidValue(
                handle,
                "ReceiptHandle",
                "Message does not exist or is not available for visibility timeout change.");
    }

    static ServiceException visibilityBeyondLimit(int seconds) {
        return invalidValue(
                seconds,
                "VisibilityTimeout",
                "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]");
    }

    static ServiceException tooManyInFlight() {
        return new ServiceException(
                SqsApi.Errors.OVER_LIMIT,
                "The maximum number of in flight messages is reached. The limit is "
                        + SqsLimits.IN_FLIGHT_MAX
                        + ".");
    }

    static ServiceException emptyBatch(String entryShape) {
        return new ServiceException(
                SqsApi.Errors.EMPTY_BATCH_REQUEST,
                "There should be at least one " + entryShape + " in the request.");
    }

    static ServiceException tooManyEntries(int count) {
        return new ServiceException(
                SqsApi.Errors.TOO_MANY_ENTRIES_IN_BATCH_REQUEST,
                "Maximum number of entries per request are "
                        + SqsLimits.BATCH_ENTRIES_MAX
                        + ". You have sent "
                        + count
                        + ".");
    }

    static ServiceException invalidEntryId() {
        return new ServiceException(
                SqsApi.Errors.INVALID_BATCH_ENTRY_ID,
                "A batch entry id can only contain alphanumeric characters, hyphens and"
                        + " underscores. It can be at most 80 letters long.");
    }

    static ServiceException repeatedEntryId(String id) {
        return new ServiceException(
                SqsApi.Errors.BATCH_ENTRY_IDS_NOT_DISTINCT, "Id " + id + " repeated.");
    }

    static ServiceException batchTooLong(long bytes) {
        return new ServiceException(
                SqsApi.Errors.BATCH_REQUEST_TOO_LONG,
                "Batch requests cannot be longer than "
                        + SqsLimits.BATCH_BYTES_MAX
                        + " bytes. You have sent "
                        + bytes
                        + " bytes.");
    }

    static ServiceException invalidArn(String parameter) {
        return invalid(
                "You must use this format to specify the "
                        + parameter
                        + ": arn:<partition>:<service>:<region>:<account-id>:<resource-id>");
    }

    static ServiceException resourceNotFound(String parameter) {
        return new ServiceException(
                SqsApi.Errors.RESOURCE_NOT_FOUND_EXCEPTION,
                "The resource that you specified for the "
                        + parameter
                        + " parameter doesn't exist.");
    }

    static ServiceException notDeadLetterQueue() {
        return invalid("Source queue must be configured as a Dead Letter Queue.");
    }

    static ServiceException moveToItself() {
        return invalid("Source queue arn and destination queue arn cannot be the same.");
    }

    static ServiceException moveToOtherType() {
        return invalid("The source queue and destination queue must be of the same queue type.");
    }

    static ServiceException invalidMoveRate() {
        return invalid(
                "Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must"
                        + " enter a number that's between 1 and 500.");
    }

    static ServiceException invalidMoveResults() {
        return invalid(
                "Value for parameter MaxResults is invalid. Reason: You must enter a number that's"
                        + " between 1 and 10.");
    }

    static ServiceException moveIsRunning() {
        return invalid(
                "There is already a task running. Only one active task is allowed for a source"
                        + " queue arn at a given time.");
    }

    static ServiceException tooManyMoves() {
        return new ServiceException(
                SqsApi.Errors.UNSUPPORTED_OPERATION,
                "The maximum number of active message move tasks is reached. The limit is "
                        + SqsLimits.ACTIVE_MOVES_MAX
                        + ".");
    }

    static ServiceException onlyReceives() {
        return new ServiceException(
                ErrorModel.of("InvalidRequest", 400),
                "This endpoint only accepts ReceiveMessage calls");
    }

    static ServiceException invalidTaskHandle() {
        return invalid("Value for parameter TaskHandle is invalid.");
    }

    static ServiceException moveTaskDoesNotExist() {
        return new ServiceException(
                SqsApi.Errors.RESOURCE_NOT_FOUND_EXCEPTION, "Task does not exist.");
    }

    private static final String INVALID_CHARACTERS =
            "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to"
                    + " #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF";
}
