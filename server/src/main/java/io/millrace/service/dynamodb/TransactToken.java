package io.millrace.service.dynamodb;

import io.millrace.api.Shape;
import io.millrace.api.codec.JsonShapeWriter;
import io.millrace.api.dynamodb.ExecuteTransactionInput;
import io.millrace.api.dynamodb.TransactWriteItemsInput;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A client request token that a write transaction has used: for ten minutes the same request does
/// nothing more, and another one with the same token is refused. Each use drops a few that are too
/// old, so that they do not pile up.
///
/// @param digest of the request's parameters
record TransactToken(String digest, long usedMillis) {
    private static final ResourceCodec<TransactToken> CODEC =
            new ResourceCodec<>(TransactToken.class);
    private static final JsonMapper SORTING =
            JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();
    private static final int DROPPED_MAX = 4;
    private static final byte[] NOTHING = {};

    /// The token's record for this request.
    static TransactToken of(TransactWriteItemsInput request, long nowMillis) {
        TransactWriteItemsInput parameters =
                request.toBuilder()
                        .clientRequestToken(null)
                        .returnConsumedCapacity(null)
                        .returnItemCollectionMetrics(null)
                        .build();
        return digested(parameters, nowMillis);
    }

    /// The token's record for this request.
    static TransactToken of(ExecuteTransactionInput request, long nowMillis) {
        ExecuteTransactionInput parameters =
                request.toBuilder().clientRequestToken(null).returnConsumedCapacity(null).build();
        return digested(parameters, nowMillis);
    }

    private static TransactToken digested(Shape parameters, long nowMillis) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return new TransactToken(
                    HexFormat.of().formatHex(digest.digest(sorted(parameters))), nowMillis);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// As JSON whose members are in order: the order of a request's attributes means nothing.
    private static byte[] sorted(Shape parameters) {
        return SORTING.writeValueAsBytes(
                SORTING.readValue(JsonShapeWriter.write(parameters), Object.class));
    }

    /// Uses the token; false when this very request has used it before.
    boolean use(Transaction tx, Caller caller, String token) {
        byte[] key =
                DynamoDbKeys.transactToken(caller.accountId(), caller.region(), token).toBytes();
        TransactToken used = CODEC.decodeOrNull(tx.get(key));
        long lifetime = DynamoDbLimits.TRANSACT_TOKEN_LIFETIME.toMillis();
        if (used != null && used.usedMillis() + lifetime > usedMillis) {
            if (!used.digest().equals(digest)) {
                throw DynamoDbErrors.tokenReused();
            }
            return false;
        }
        dropExpired(tx);
        tx.put(key, CODEC.encode(this));
        byte[] expiry =
                new KeyWriter(DynamoDbKeys.TRANSACT_TOKEN_EXPIRY)
                        .uint64(usedMillis + lifetime)
                        .string(caller.accountId())
                        .string(caller.region())
                        .string(token)
                        .toBytes();
        tx.put(expiry, NOTHING);
        return true;
    }

    private void dropExpired(Transaction tx) {
        byte[] from = {DynamoDbKeys.TRANSACT_TOKEN_EXPIRY};
        byte[] to = new KeyWriter(DynamoDbKeys.TRANSACT_TOKEN_EXPIRY).uint64(usedMillis).toBytes();
        try (Cursor cursor = tx.range(from, to, Transaction.Direction.FORWARD)) {
            for (int i = 0; i < DROPPED_MAX && cursor.next(); i++) {
                KeyReader reader = new KeyReader(cursor.key());
                long expiry = reader.uint64();
                byte[] key =
                        DynamoDbKeys.transactToken(
                                        reader.string(), reader.string(), reader.string())
                                .toBytes();
                TransactToken token = CODEC.decodeOrNull(tx.get(key));
                long lifetime = DynamoDbLimits.TRANSACT_TOKEN_LIFETIME.toMillis();
                if (token != null && token.usedMillis() + lifetime <= expiry) {
                    tx.delete(key);
                }
                tx.deleteRange(cursor.key(), Bytes.after(cursor.key()));
            }
        }
    }
}
