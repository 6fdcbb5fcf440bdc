package io.millrace.service.dynamodb;

import io.millrace.api.codec.JsonShapeWriter;
import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.ExecuteStatementInput;
import io.millrace.service.dynamodb.item.ItemCodec;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/// `NextToken` of a statement: where its next page begins. It says nothing that its holder may not
/// say with `ExclusiveStartKey`; a digest tells a token of ours from anything else, and another one
/// the request that it belongs to.
///
/// Layout: digest of what follows, 16 bytes; digest of the request, 16 bytes; the read, u16; the
/// key behind which that read goes on, or nothing when it begins.
///
/// @param read index of the read in the statement's plan
/// @param lastKey null at the beginning of a read
record StatementToken(int read, @Nullable Map<String, AttributeValue> lastKey) {
    static final StatementToken START = new StatementToken(0, null);

    private static final int DIGEST_BYTES = 16;
    private static final int HEAD_BYTES = 2 * DIGEST_BYTES + Short.BYTES;
    private static final int TOKEN_LENGTH_MAX = 32 * 1024;

    /// Where the request goes on.
    ///
    /// @throws io.millrace.wire.ServiceException when its token is none, or another request's
    static StatementToken of(Caller caller, ExecuteStatementInput request) {
        String text = request.nextToken();
        if (text == null) {
            return START;
        }
        byte[] token = decoded(text);
        byte[] body = Arrays.copyOfRange(token, DIGEST_BYTES, token.length);
        if (!Arrays.equals(digest(body), Arrays.copyOf(token, DIGEST_BYTES))) {
            throw invalid();
        }
        if (!Arrays.equals(binding(caller, request), Arrays.copyOf(body, DIGEST_BYTES))) {
            throw DynamoDbErrors.validation("NextToken does not match request");
        }
        ByteBuffer rest = ByteBuffer.wrap(body, DIGEST_BYTES, body.length - DIGEST_BYTES);
        int read = Short.toUnsignedInt(rest.getShort());
        return new StatementToken(
                read,
                rest.hasRemaining()
                        ? ItemCodec.decode(Arrays.copyOfRange(body, rest.position(), body.length))
                        : null);
    }

    static io.millrace.wire.ServiceException invalid() {
        return DynamoDbErrors.validation("Invalid NextToken");
    }

    private static byte[] decoded(String text) {
        if (text.length() > TOKEN_LENGTH_MAX) {
            throw invalid();
        }
        try {
            byte[] token = Base64.getUrlDecoder().decode(text);
            if (token.length < HEAD_BYTES) {
                throw invalid();
            }
            return token;
        } catch (IllegalArgumentException _) {
            throw invalid();
        }
    }

    /// As the answer tells it.
    String text(Caller caller, ExecuteStatementInput request) {
        byte[] key = lastKey == null ? new byte[0] : ItemCodec.encode(lastKey);
        byte[] body =
                ByteBuffer.allocate(DIGEST_BYTES + Short.BYTES + key.length)
                        .put(binding(caller, request))
                        .putShort((short) read)
                        .put(key)
                        .array();
        byte[] token =
                ByteBuffer.allocate(DIGEST_BYTES + body.length).put(digest(body)).put(body).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /// Of what a page must not change: the statement and its parameters.
    private static byte[] binding(Caller caller, ExecuteStatementInput request) {
        byte[] parameters =
                JsonShapeWriter.write(
                        ExecuteStatementInput.builder()
                                .statement(request.statement())
                                .parameters(request.parameters())
                                .build());
        byte[] who =
                (caller.accountId() + '/' + caller.region() + '/').getBytes(StandardCharsets.UTF_8);
        return digest(
                ByteBuffer.allocate(who.length + parameters.length)
                        .put(who)
                        .put(parameters)
                        .array());
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(bytes), DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
