package io.millrace.service.kms;

import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The keys of services, `alias/aws/sqs` and the like: one in each account and region, made when it
/// is first asked for. Their policies let callers in through their service alone. Source: [AWS
/// managed keys](https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html).
final class ManagedKeys {
    private static final Map<String, String> SERVICES =
            Map.of(
                    "dynamodb", "Amazon DynamoDB",
                    "kinesis", "Amazon Kinesis",
                    "lambda", "AWS Lambda",
                    "rds", "RDS",
                    "s3", "S3",
                    "secretsmanager", "AWS Secrets Manager",
                    "sns", "SNS",
                    "sqs", "Simple Queue Service (SQS)",
                    "ssm", "EC2 Systems Manager");

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Materials materials;

    ManagedKeys(Store store, InstantSource clock, Ids ids, Materials materials) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.materials = materials;
    }

    /// Whether the alias is of a service's key.
    static boolean isManaged(String alias) {
        return alias.startsWith(StoredAlias.AWS_PREFIX) && services().contains(service(alias));
    }

    /// The aliases of all services, in order.
    static List<String> aliases() {
        return services().stream().map(StoredAlias.AWS_PREFIX::concat).sorted().toList();
    }

    private static Set<String> services() {
        return SERVICES.keySet();
    }

    private static String service(String alias) {
        return alias.substring(StoredAlias.AWS_PREFIX.length());
    }

    /// Makes the key behind an alias, unless it is there.
    void make(Keys keys, Caller caller, String alias) {
        long now = clock.millis();
        String service = service(alias);
        KeyName name = new KeyName(caller.accountId(), caller.region(), ids.uuid());
        Materials.Made made = materials.make(name, KeySpec.SYMMETRIC_DEFAULT);
        int days = KmsLimits.ROTATION_DAYS;
        StoredKey key =
                new StoredKey(
                        name.accountId(),
                        name.region(),
                        name.id(),
                        now,
                        KeySpec.SYMMETRIC_DEFAULT,
                        KeyUsage.ENCRYPT_DECRYPT,
                        StoredKey.AWS,
                        true,
                        "Default key that protects my data when no other key is defined",
                        true,
                        policy(name, service),
                        Map.of(),
                        List.of(StoredMaterial.made(made.id(), now, null)),
                        null,
                        new StoredKey.Rotation(days, now + Duration.ofDays(days).toMillis()),
                        null);
        store.write(tx -> {
            if (keys.findAlias(tx, name.accountId(), name.region(), alias).isEmpty()) {
                Materials.put(tx, name, made);
                keys.put(tx, key);
                keys.putAlias(
                        tx,
                        new StoredAlias(
                                name.accountId(), name.region(), alias, name.id(), now, now));
            }
            return name;
        });
    }

    private static String policy(KeyName name, String service) {
        return """
        {
          "Version" : "2012-10-17",
          "Id" : "auto-%s-1",
          "Statement" : [ {
            "Sid" : "Allow access through %s for all principals in the account that are \
        authorized to use it",
            "Effect" : "Allow",
            "Principal" : {
              "AWS" : "*"
            },
            "Action" : [ "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", \
        "kms:CreateGrant", "kms:DescribeKey" ],
            "Resource" : "*",
            "Condition" : {
              "StringEquals" : {
                "kms:CallerAccount" : "%s",
                "kms:ViaService" : "%s.%s.amazonaws.com"
              }
            }
          }, {
            "Sid" : "Allow direct access to key metadata to the account",
            "Effect" : "Allow",
            "Principal" : {
              "AWS" : "arn:aws:iam::%s:root"
            },
            "Action" : [ "kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant" ],
            "Resource" : "*"
          } ]
        }\
        """
                .formatted(
                        service,
                        SERVICES.get(service),
                        name.accountId(),
                        service,
                        name.region(),
                        name.accountId());
    }
}
