/// An orders service made event-driven: small plain programs on the AWS SDK for Java v2.
///
/// An order is accepted over HTTP ([FrontDoor]), queued, and stored in a table ([OrderProcessor]).
/// The table's stream goes to an event bus ([StreamReader]), whose rules fan out to services that
/// know nothing of each other ([QueueConsumer]) and to a topic with a webhook ([Webhook]). Nothing
/// here knows Millrace: with other endpoints and credentials it runs on AWS. Start reading at
/// [Provision]; [Demo] runs all of it and counts.
@NullMarked
package com.example.orders;

import org.jspecify.annotations.NullMarked;
