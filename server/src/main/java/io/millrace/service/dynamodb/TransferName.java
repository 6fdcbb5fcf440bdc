package io.millrace.service.dynamodb;

import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What names an export or an import.
///
/// @param table the table that is exported, or made by the import
/// @param id the end of its ARN; rises with the time of the request
record TransferName(Kind kind, String accountId, String region, String table, String id) {

    /// Which way the items go.
    enum Kind {
        EXPORT("export", DynamoDbKeys.TRANSFER_EXPORT),
        IMPORT("import", DynamoDbKeys.TRANSFER_IMPORT);

        private final String word;
        private final int code;

        Kind(String word, int code) {
            this.word = word;
            this.code = code;
        }

        String word() {
            return word;
        }

        int code() {
            return code;
        }
    }

    private static final Pattern RESOURCE =
            Pattern.compile("table/([a-zA-Z0-9_.-]+)/(export|import)/([0-9a-f-]+)");

    /// @throws io.millrace.wire.ServiceException when it is no such ARN, or another account's
    static TransferName of(Kind kind, Caller caller, String text) {
        Optional<Arn> arn = Arn.parse(text);
        Matcher resource = RESOURCE.matcher(arn.isEmpty() ? "" : arn.get().resource());
        if (arn.isEmpty()
                || !arn.get().service().equals("dynamodb")
                || !resource.matches()
                || !resource.group(2).equals(kind.word)) {
            throw DynamoDbErrors.invalid("Invalid " + kind.word + " ARN: " + text);
        }
        if (!arn.get().accountId().equals(caller.accountId())) {
            throw DynamoDbErrors.accessDenied(caller.principalArn(), text);
        }
        return new TransferName(
                kind,
                arn.get().accountId(),
                arn.get().region(),
                resource.group(1),
                resource.group(3));
    }

    String arn() {
        return Arn.of("dynamodb", region, accountId, "table/" + table + "/" + kind.word + "/" + id)
                .toString();
    }

    byte[] key() {
        return DynamoDbKeys.transfer(kind, accountId, region, table, id);
    }
}
