package io.millrace.service.dynamodb;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;

/// Pages of exports and imports, by table and time, and their tokens: the table and the id of the
/// last one in hexadecimal digits, filled up to the length that the model wants.
final class TransferPages {
    private static final int TOKEN_BYTES_MIN = 56;
    private static final int TOKEN_BYTES_STEP = 8;

    private TransferPages() {}

    /// What a page is to hold.
    ///
    /// @param from the key to begin at
    /// @param prefix what all keys begin with
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Asked(byte[] from, byte[] prefix, int count) {}

    /// @throws io.millrace.wire.ServiceException when the token is none of ours
    static Asked asked(
            TransferName.Kind kind,
            Caller caller,
            @Nullable String tableArn,
            @Nullable Integer count,
            @Nullable String token) {
        TableName table = tableArn == null ? null : TableName.of(caller, tableArn);
        byte[] prefix =
                table == null
                        ? DynamoDbKeys.transfers(kind, caller.accountId(), caller.region())
                                .toBytes()
                        : DynamoDbKeys.transfers(kind, table.accountId(), table.region())
                                .string(table.name())
                                .toBytes();
        byte[] from = prefix;
        if (token != null) {
            String[] last = decode(token).split("/", -1);
            if (last.length != 2) {
                throw invalidToken();
            }
            String region = table == null ? caller.region() : table.region();
            byte[] start =
                    Bytes.after(
                            DynamoDbKeys.transfer(
                                    kind, caller.accountId(), region, last[0], last[1]));
            from = Arrays.compareUnsigned(start, prefix) > 0 ? start : prefix;
        }
        return new Asked(from, prefix, count == null ? DynamoDbLimits.TRANSFERS_PAGE : count);
    }

    /// One more than asked, when there are more.
    static <T extends Record> List<T> read(Snapshot tx, Asked asked, ResourceCodec<T> codec) {
        List<T> page = new ArrayList<>();
        byte[] end = Bytes.prefixEnd(asked.prefix());
        if (Arrays.compareUnsigned(asked.from(), end) >= 0) {
            return page;
        }
        try (Cursor cursor = tx.range(asked.from(), end, Direction.FORWARD)) {
            while (page.size() <= asked.count() && cursor.next()) {
                page.add(codec.decode(cursor.value()));
            }
        }
        return page;
    }

    static <T extends Record> @Nullable T first(
            Snapshot tx, byte[] prefix, ResourceCodec<T> codec, Predicate<T> wanted) {
        try (Cursor cursor = tx.prefix(prefix)) {
            while (cursor.next()) {
                T found = codec.decode(cursor.value());
                if (wanted.test(found)) {
                    return found;
                }
            }
        }
        return null;
    }

    static String token(TransferName last) {
        byte[] text = (last.table() + "/" + last.id()).getBytes(StandardCharsets.UTF_8);
        int length =
                Math.max(
                        TOKEN_BYTES_MIN,
                        Math.ceilDiv(text.length, TOKEN_BYTES_STEP) * TOKEN_BYTES_STEP);
        return HexFormat.of().formatHex(Arrays.copyOf(text, length));
    }

    private static String decode(String token) {
        try {
            return new String(HexFormat.of().parseHex(token), StandardCharsets.UTF_8)
                    .replace("\0", "");
        } catch (IllegalArgumentException e) {
            throw invalidToken();
        }
    }

    private static io.millrace.wire.ServiceException invalidToken() {
        return DynamoDbErrors.validation("Invalid NextToken");
    }
}
