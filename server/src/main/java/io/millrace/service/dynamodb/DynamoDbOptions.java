package io.millrace.service.dynamodb;

import io.millrace.objects.NoStorage;
import io.millrace.objects.ObjectStorage;
import io.millrace.secret.CustomerKeys;
import io.millrace.stream.StreamOptions;

/// What may be chosen about DynamoDB.
///
/// @param resting whether AWS's rule holds that time to live can be switched once an hour
/// @param streams how the streams of tables keep their records
/// @param objects where exports go and imports come from
/// @param keys which the tables are encrypted with
public record DynamoDbOptions(
        boolean resting, StreamOptions streams, ObjectStorage objects, CustomerKeys keys) {

    /// Without object storage, and with every key.
    public static DynamoDbOptions of(boolean resting, StreamOptions streams) {
        return new DynamoDbOptions(resting, streams, new NoStorage(), CustomerKeys.ANY);
    }
}
