package io.millrace.service.dynamodb;

import io.millrace.api.Unit;
import io.millrace.api.dynamodb.ListTagsOfResourceInput;
import io.millrace.api.dynamodb.ListTagsOfResourceOutput;
import io.millrace.api.dynamodb.Tag;
import io.millrace.api.dynamodb.TagResourceInput;
import io.millrace.api.dynamodb.UntagResourceInput;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// `TagResource`, `UntagResource` and `ListTagsOfResource`: a table's tags.
///
/// Errors: `ResourceNotFoundException`, `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html).
final class TableTags {
    private static final String TABLE = "table/";
    private static final Pattern CHARACTERS = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+@-]*");

    private final Store store;

    TableTags(Store store) {
        this.store = store;
    }

    Unit tag(Caller caller, TagResourceInput request) {
        TableName name = table(caller, request.resourceArn());
        if (request.tags().isEmpty()) {
            throw DynamoDbErrors.validation("Atleast one Tag needs to be provided as Input.");
        }
        return store.write(tx -> {
            Table table = open(tx, name, request.resourceArn());
            Tables.put(tx, table.withTags(merged(table.tags(), request.tags())));
            return Unit.UNIT;
        });
    }

    Unit untag(Caller caller, UntagResourceInput request) {
        TableName name = table(caller, request.resourceArn());
        if (request.tagKeys().isEmpty()) {
            throw DynamoDbErrors.validation("Atleast one Tag Key needs to be provided as Input.");
        }
        request.tagKeys().forEach(TableTags::checkKey);
        return store.write(tx -> {
            Table table = open(tx, name, request.resourceArn());
            Map<String, String> tags = new LinkedHashMap<>(table.tags());
            tags.keySet().removeAll(request.tagKeys());
            Tables.put(tx, table.withTags(tags));
            return Unit.UNIT;
        });
    }

    /// In pages; the token is the key of the last tag of the page before.
    ListTagsOfResourceOutput list(Caller caller, ListTagsOfResourceInput request) {
        TableName name = table(caller, request.resourceArn());
        Map<String, String> tags = store.read(tx -> open(tx, name, request.resourceArn()).tags());
        List<Tag> page = new ArrayList<>();
        Iterator<Map.Entry<String, String>> entries = tags.entrySet().iterator();
        String token = request.nextToken();
        while (token != null && entries.hasNext()) {
            token = entries.next().getKey().equals(token) ? null : token;
        }
        while (entries.hasNext() && page.size() < DynamoDbLimits.TAGS_PAGE) {
            Map.Entry<String, String> entry = entries.next();
            page.add(new Tag(entry.getKey(), entry.getValue()));
        }
        return new ListTagsOfResourceOutput(page, entries.hasNext() ? page.getLast().key() : null);
    }

    private static TableName table(Caller caller, String arn) {
        if (!arn.startsWith("arn:")) {
            throw DynamoDbErrors.invalid("ARNs must start with 'arn:': " + arn);
        }
        Optional<Arn> parsed = Arn.parse(arn);
        if (parsed.isEmpty() || !parsed.get().service().equals("dynamodb")) {
            throw DynamoDbErrors.invalid("Provided Arn is not a DynamoDB resource arn: " + arn);
        }
        String resource = parsed.get().resource();
        if (!resource.startsWith(TABLE) || resource.indexOf('/', TABLE.length()) >= 0) {
            throw DynamoDbErrors.invalid(
                    "Invalid resource arn provided, only table or stream is accepted. Provided"
                            + " resource arn: "
                            + arn);
        }
        if (!parsed.get().region().equals(caller.region())) {
            throw DynamoDbErrors.validation(
                    "Invalid TableArn: Invalid ResourceArn provided as input " + arn);
        }
        return TableName.of(caller, arn);
    }

    private static Table open(Snapshot tx, TableName name, String arn) {
        Table table = Tables.find(tx, name);
        if (table == null) {
            throw DynamoDbErrors.resourceNotFound(arn);
        }
        return table;
    }

    /// The old tags and the new ones, whose values win.
    static Map<String, String> merged(Map<String, String> old, List<Tag> added) {
        Map<String, String> tags = new LinkedHashMap<>(old);
        Map<String, String> seen = new LinkedHashMap<>();
        for (Tag tag : added) {
            checkKey(tag.key());
            if (tag.key().startsWith("aws:")) {
                throw DynamoDbErrors.validation(
                        "Tag Key cannot be prefixed with aws:, Key: " + tag.key());
            }
            if (!CHARACTERS.matcher(tag.value()).matches()) {
                throw DynamoDbErrors.validation(
                        "The Tag Value provided is invalid, Value: " + tag.value());
            }
            if (seen.put(tag.key(), tag.value()) != null) {
                throw DynamoDbErrors.validation(
                        "Duplicate Tag Keys provided as input: Duplicate Tag Key found "
                                + tag.key());
            }
            tags.put(tag.key(), tag.value());
        }
        if (tags.size() > DynamoDbLimits.TAGS_MAX) {
            throw DynamoDbErrors.validation(
                    "Number of Tags exceed the current limit for the provided ResourceArn");
        }
        return tags;
    }

    private static void checkKey(String key) {
        if (!CHARACTERS.matcher(key).matches()) {
            throw DynamoDbErrors.validation("The Tag Key provided is invalid, Key: " + key);
        }
    }
}
