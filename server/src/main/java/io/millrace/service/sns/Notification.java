package io.millrace.service.sns;

import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

/// What the recipients of one publication share: all that their texts are made from.
///
/// @param signatureVersion as the topic had it; null when its messages are not signed
record Notification(String topicArn, @Nullable String signatureVersion, Publication publication) {

    static final ResourceCodec<Notification> CODEC = new ResourceCodec<>(Notification.class);

    static Notification of(Topic topic, Publication publication) {
        return new Notification(
                topic.arn().toString(),
                topic.isFifo() ? null : topic.signatureVersion(),
                publication);
    }
}
