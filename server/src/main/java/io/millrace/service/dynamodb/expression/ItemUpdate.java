package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;

import java.util.List;
import java.util.Map;

/// What an update does to an item.
///
/// @param paths the paths that the update names
/// @param oldItem the item before it
/// @param newItem the item after it
public record ItemUpdate(
        List<DocumentPath> paths,
        Map<String, AttributeValue> oldItem,
        Map<String, AttributeValue> newItem) {

    /// What `ReturnValues` `UPDATED_OLD` answers: what was at the paths; perhaps empty.
    public Map<String, AttributeValue> updatedOld() {
        return PathTree.of(paths).project(oldItem);
    }

    /// What `ReturnValues` `UPDATED_NEW` answers: what is at the paths; perhaps empty. A list
    /// element set beyond the list's end is not at its path, and is not in it, as on AWS.
    public Map<String, AttributeValue> updatedNew() {
        return PathTree.of(paths).project(newItem);
    }
}
