package io.millrace.service.dynamodb;

import java.time.Duration;

/// The numbers of DynamoDB. Source: [service
/// quotas](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
final class DynamoDbLimits {
    static final int REQUEST_BYTES_MAX = 16 * 1024 * 1024;

    static final int TABLE_NAME_LENGTH_MIN = 3;
    static final int TABLE_NAME_LENGTH_MAX = 255;
    static final int LIST_TABLES_MAX = 100;
    static final int LOCAL_INDEXES_MAX = 5;
    static final int GLOBAL_INDEXES_MAX = 20;
    static final int VECTOR_INDEXES_MAX = 5;
    static final int VECTOR_DIMENSIONS_MAX = 4096;
    static final int VECTOR_INLINE_FILTERS_MAX = 18;
    static final int VECTOR_TOP_K_MAX = 100;
    static final int VECTOR_RESPONSE_BYTES_MAX = 16 * 1024 * 1024;
    static final int VECTOR_REQUEST_BYTES_MIN = 1024;
    static final int PROJECTED_ATTRIBUTES_MAX = 100;
    static final int KEY_ATTRIBUTES_MAX = 4;
    static final long ACCOUNT_CAPACITY_UNITS = 80_000;
    static final long TABLE_CAPACITY_UNITS = 40_000;
    static final long THROUGHPUT_MAX = 1_000_000_000_000L;

    static final int HASH_KEY_BYTES_MAX = 2048;
    static final int RANGE_KEY_BYTES_MAX = 1024;
    static final int ITEM_BYTES_MAX = 400 * 1024;

    static final int PAGE_BYTES_MAX = 1024 * 1024;
    static final int SEGMENTS_MAX = 1_000_000;

    static final int BATCH_WRITE_ITEMS_MAX = 25;
    static final int BATCH_GET_KEYS_MAX = 100;
    static final int BATCH_GET_BYTES_MAX = 16 * 1024 * 1024;

    static final int TRANSACT_ITEMS_MAX = 100;
    static final int TRANSACT_BYTES_MAX = 4 * 1024 * 1024;
    static final Duration TRANSACT_TOKEN_LIFETIME = Duration.ofMinutes(10);

    static final Duration EXPIRED_AGE_MAX = Duration.ofDays(5 * 365);
    static final Duration EXPIRY_LOOK_AHEAD = Duration.ofMinutes(1);
    static final Duration TIME_TO_LIVE_REST = Duration.ofHours(1);

    static final int POLICY_BYTES_MAX = 20 * 1024;

    static final int TAGS_MAX = 50;
    static final int TAG_KEY_LENGTH_MAX = 128;
    static final int TAG_VALUE_LENGTH_MAX = 256;
    static final int TAGS_PAGE = 10;

    static final int SNAPSHOTS_MAX = 50;
    static final int LIST_BACKUPS_MAX = 100;
    static final Duration SYSTEM_BACKUP_LIFETIME = Duration.ofDays(35);
    static final int RECOVERY_DAYS_MAX = 35;
    static final int TRANSFERS_PAGE = 25;
    static final Duration TRANSFER_TOKEN_LIFETIME = Duration.ofHours(8);
    static final Duration TRANSFER_PATIENCE = Duration.ofHours(1);

    static final int READ_UNIT_BYTES = 4096;
    static final int WRITE_UNIT_BYTES = 1024;

    private DynamoDbLimits() {}
}
