package io.millrace.service.pipes;

import io.millrace.pattern.JsonPathText;

/// One event on its way through a pipe.
///
/// @param id what the source calls it: the message's id, the record's `eventID`
/// @param index its place in the batch as the source gave it
/// @param text the event as it is handed on: JSON from a source, anything from an enrichment
/// @param seen the event as filters, templates and paths see it: JSON, in which a source's text
///   that is JSON itself is part of the whole
/// @param decoded whether all of it is JSON, the source's text included
record PipeEvent(String id, int index, String text, String seen, boolean decoded) {

    /// What an enrichment answered.
    ///
    /// @param id of the event that it was asked about
    /// @param text one event; JSON or not
    static PipeEvent enriched(String id, int index, String text) {
        boolean json = PipeJson.isJson(text);
        return new PipeEvent(id, index, text, json ? text : JsonPathText.quote(text), json);
    }
}
