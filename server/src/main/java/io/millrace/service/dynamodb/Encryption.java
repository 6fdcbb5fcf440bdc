package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.SSEDescription;
import io.millrace.api.dynamodb.SSESpecification;
import io.millrace.engine.Snapshot;
import io.millrace.pattern.Arn;
import io.millrace.secret.CustomerKeys;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/// How a table asked to be encrypted at rest. It is kept and told; what lies on the disk is
/// protected as the data directory is, whichever key is named.
///
/// @param type `KMS`; what AWS owns the key of is not recorded
/// @param kmsKeyArn the key as an ARN
record Encryption(String type, @Nullable String kmsKeyArn) {
    private static final String KMS = "KMS";
    private static final String MANAGED_ALIAS = "alias/aws/dynamodb";
    private static final String ALIAS = "alias/";
    private static final String KEY = "key/";

    /// Checks what needs no table.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static void check(@Nullable SSESpecification asked) {
        if (asked == null) {
            return;
        }
        boolean off = Boolean.FALSE.equals(asked.enabled());
        if (off && asked.sseType() != null) {
            throw DynamoDbErrors.invalid("SSEType can not be specified if Enabled is false");
        }
        if (off && asked.kmsMasterKeyId() != null) {
            throw DynamoDbErrors.invalid("KMSMasterKeyId can not be specified if Enabled is false");
        }
        if ("AES256".equals(asked.sseType())) {
            throw DynamoDbErrors.invalid("SSEType AES256 is not supported");
        }
        if (asked.kmsMasterKeyId() != null && asked.sseType() == null) {
            throw DynamoDbErrors.invalid("SSEType KMS is required if KMSMasterKeyId is specified");
        }
    }

    /// Null for the default: a key that AWS owns, which no description tells of.
    static @Nullable Encryption of(
            Caller caller, TableName table, @Nullable SSESpecification asked) {
        if (asked == null
                || Boolean.FALSE.equals(asked.enabled())
                || (asked.enabled() == null && asked.sseType() == null)) {
            return null;
        }
        return ofKey(caller, table, asked.kmsMasterKeyId());
    }

    /// What UpdateTable makes of it.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException` when nothing would change
    static @Nullable Encryption update(
            Caller caller, TableName table, @Nullable Encryption old, SSESpecification asked) {
        Encryption changed = of(caller, table, asked);
        if (changed == null && old == null) {
            throw DynamoDbErrors.invalid("Table is already encrypted by default");
        }
        String keyId = asked.kmsMasterKeyId();
        if (keyId != null && old != null && keyId.equals(old.kmsKeyArn())) {
            throw DynamoDbErrors.invalid(
                    "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId"
                            + " parameter if you want to change Master Key");
        }
        return changed;
    }

    /// With that key, or the managed one.
    static Encryption ofKey(Caller caller, TableName table, @Nullable String keyId) {
        return new Encryption(KMS, keyArn(caller, table, keyId));
    }

    /// The same with the ARN of the key itself, which must be there and enabled; the key that AWS
    /// would manage always is.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static @Nullable Encryption resolved(
            Snapshot snapshot,
            CustomerKeys keys,
            Caller caller,
            TableName table,
            @Nullable Encryption asked) {
        String named = asked == null ? null : asked.kmsKeyArn;
        if (asked == null || named == null || asked.isManaged(table)) {
            return asked;
        }
        CustomerKeys.Answer key = keys.find(snapshot, table.accountId(), table.region(), named);
        if (!key.isEnabled()) {
            throw DynamoDbErrors.validation(
                    "KMS validation error: com.amazonaws.services.kms.model."
                            + key.code()
                            + ": "
                            + key.handedOn(caller.requestId()));
        }
        return key.arn() == null ? asked : new Encryption(asked.type, key.arn());
    }

    /// Whether it is the key that AWS would manage.
    boolean isManaged(TableName table) {
        return managedKey(table).equals(kmsKeyArn);
    }

    static boolean isManaged(String keyId) {
        return keyId.endsWith(MANAGED_ALIAS);
    }

    private static String keyArn(Caller caller, TableName table, @Nullable String keyId) {
        if (keyId == null || keyId.equals(MANAGED_ALIAS)) {
            return managedKey(table);
        }
        if (!keyId.startsWith("arn:")) {
            String resource = keyId.startsWith(ALIAS) ? keyId : KEY + keyId;
            return Arn.of("kms", table.region(), table.accountId(), resource).toString();
        }
        Optional<Arn> arn = Arn.parse(keyId);
        if (arn.isEmpty()
                || !arn.get().service().equals("kms")
                || !arn.get().region().equals(table.region())) {
            throw unknownKey(caller, arn.map(Arn::region).orElse(keyId));
        }
        return arn.get().resource().equals(MANAGED_ALIAS) ? managedKey(table) : keyId;
    }

    /// The key that AWS would manage for DynamoDB in this account and region: always the same.
    private static String managedKey(TableName table) {
        String name = table.accountId() + "/" + table.region() + "/" + MANAGED_ALIAS;
        UUID id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
        return Arn.of("kms", table.region(), table.accountId(), KEY + id).toString();
    }

    private static ServiceException unknownKey(Caller caller, String named) {
        return DynamoDbErrors.validation(
                "KMS validation error: com.amazonaws.services.kms.model.NotFoundException: Invalid"
                        + " arn "
                        + named
                        + " (Service: AWSKMS; Status Code: 400; Error Code: NotFoundException;"
                        + " Request ID: "
                        + caller.requestId()
                        + "; Proxy: null)");
    }

    static @Nullable SSEDescription describe(@Nullable Encryption encryption) {
        return encryption == null
                ? null
                : new SSEDescription("ENABLED", encryption.type(), encryption.kmsKeyArn(), null);
    }

    /// As UpdateTable tells of a change: what was.
    static SSEDescription describeUpdating(@Nullable Encryption old) {
        return new SSEDescription(
                "UPDATING",
                old == null ? null : old.type(),
                old == null ? null : old.kmsKeyArn(),
                null);
    }
}
