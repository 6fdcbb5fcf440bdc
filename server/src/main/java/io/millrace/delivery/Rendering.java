package io.millrace.delivery;

/// A text that is made when somebody reads it, instead of being sent: by the [Renderer] of its
/// kind, from what its recipients share and the little that is a recipient's own.
///
/// Only for text of the characters that queues take, those of XML 1.0: a target cannot see it.
///
/// @param own what differs for each recipient
/// @param shared what they have in common
/// @param length how many bytes the text will have in UTF-8
public record Rendering(String kind, byte[] own, byte[] shared, int length) {}
