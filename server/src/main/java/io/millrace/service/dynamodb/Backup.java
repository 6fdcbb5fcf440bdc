package io.millrace.service.dynamodb;

import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A backup's record. Outlives its table.
///
/// @param id the end of its ARN; rises with the time of creation
/// @param type `USER` or `SYSTEM`
/// @param available whether it is complete
/// @param source the table as it was
/// @param space the number of the space of its items
/// @param restoring the table that is being restored from it, if any
record Backup(
        String id,
        String name,
        String type,
        boolean available,
        long createdMillis,
        @Nullable Long expiryMillis,
        Table source,
        long space,
        long itemCount,
        long sizeBytes,
        @Nullable String restoring) {

    static final String USER = "USER";
    static final String SYSTEM = "SYSTEM";

    private static final int ID_TIME_DIGITS = 14;
    private static final int ID_UNIQUE_DIGITS = 8;
    private static final Pattern RESOURCE =
            Pattern.compile("table/([a-zA-Z0-9_.-]+)/backup/([0-9a-f-]+)");

    /// What names a backup.
    record Name(String accountId, String region, String table, String id) {

        /// @throws io.millrace.wire.ServiceException when it is no backup's ARN, or another
        ///   account's
        static Name of(Caller caller, String text) {
            Optional<Arn> arn = Arn.parse(text);
            Matcher resource = RESOURCE.matcher(arn.isEmpty() ? "" : arn.get().resource());
            if (arn.isEmpty() || !arn.get().service().equals("dynamodb") || !resource.matches()) {
                throw DynamoDbErrors.invalid("Invalid backup ARN: " + text);
            }
            if (!arn.get().accountId().equals(caller.accountId())) {
                throw DynamoDbErrors.accessDenied(caller.principalArn(), text);
            }
            return new Name(
                    arn.get().accountId(),
                    arn.get().region(),
                    resource.group(1),
                    resource.group(2));
        }

        String arn() {
            return Arn.of("dynamodb", region, accountId, "table/" + table + "/backup/" + id)
                    .toString();
        }

        byte[] key() {
            return DynamoDbKeys.backup(accountId, region, table, id);
        }
    }

    /// As `01489602797149-73d8d5bc`; exports and imports have ids of the same form.
    static String id(long epochMillis, Ids ids) {
        String time = Long.toString(epochMillis);
        return "0".repeat(Math.max(0, ID_TIME_DIGITS - time.length()))
                + time
                + "-"
                + ids.hex(ID_UNIQUE_DIGITS);
    }

    Name named() {
        return new Name(source.accountId(), source.region(), source.name(), id);
    }

    String arn() {
        return named().arn();
    }

    boolean expired(long nowMillis) {
        return expiryMillis != null && expiryMillis <= nowMillis;
    }

    Backup completed(long newItemCount, long newSizeBytes) {
        return new Backup(
                id,
                name,
                type,
                true,
                createdMillis,
                expiryMillis,
                source,
                space,
                newItemCount,
                newSizeBytes,
                restoring);
    }

    Backup restoring(@Nullable String table) {
        return new Backup(
                id,
                name,
                type,
                available,
                createdMillis,
                expiryMillis,
                source,
                space,
                itemCount,
                sizeBytes,
                table);
    }
}
