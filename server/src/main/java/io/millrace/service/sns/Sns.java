package io.millrace.service.sns;

import io.millrace.api.sns.SnsApi;
import io.millrace.delivery.JobHandler;
import io.millrace.delivery.Outbox;
import io.millrace.delivery.StoreTarget;
import io.millrace.delivery.Targets;
import io.millrace.engine.Store;
import io.millrace.notification.InboundText;
import io.millrace.notification.NotificationOptions;
import io.millrace.notification.NotificationProviders;
import io.millrace.notification.PageAccess;
import io.millrace.wire.Ids;
import io.millrace.wire.Service;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// Amazon SNS. Thread-safe.
public final class Sns implements AutoCloseable {
    private final Service service;
    private final SnsTarget target;
    private final SigningKeys keys;
    private final FanOut fanOut;
    private final Replays replays;
    private final TopicRemoval removal;
    private final OptOuts optOuts;
    private final EndpointEvents endpointEvents;

    /// @param targets the queues that topics deliver to
    /// @param outbox made with [#handlers]
    /// @param notifications those that the outbox and the readers of queues make texts with
    /// @param monitoring the one that the outbox's handlers have
    public Sns(
            Store store,
            InstantSource clock,
            Ids ids,
            Targets targets,
            Outbox outbox,
            Notifications notifications,
            Monitoring monitoring,
            SnsOptions options) {
        RecipientUpgrade.run(store);
        this.keys = notifications.keys();
        Publisher publisher = new Publisher(clock, ids, targets, outbox, notifications, monitoring);
        Confirmations confirmations = new Confirmations(clock, ids, targets, outbox, keys);
        this.target = new SnsTarget(clock, ids, publisher, options);
        this.fanOut = new FanOut(store, publisher);
        this.replays = new Replays(store, clock, publisher);
        this.removal = new TopicRemoval(store);
        TopicTags tags = new TopicTags(store);
        DataProtectionPolicies protection = new DataProtectionPolicies(store);
        SmsAttributes smsAttributes = new SmsAttributes(store);
        this.optOuts = new OptOuts(store, clock);
        this.endpointEvents = new EndpointEvents(store, clock, ids, publisher, options.endpoint());
        PlatformApplications applications = new PlatformApplications(store);
        PlatformEndpoints endpoints = new PlatformEndpoints(store, ids);
        NotificationOptions people = options.notifications();
        SmsSandbox sandbox = new SmsSandbox(store, clock, ids, outbox, people.smsSandbox());
        this.service =
                Service.of(SnsApi.MODEL, SnsLimits.REQUEST_BYTES, SnsErrors::constraints)
                        .resources(new TopicResources(store))
                        .handle(SnsApi.CREATE_TOPIC, new CreateTopic(store, clock, ids))
                        .handle(SnsApi.DELETE_TOPIC, new DeleteTopic(store, removal, monitoring))
                        .handle(SnsApi.LIST_TOPICS, new ListTopics(store))
                        .handle(SnsApi.GET_TOPIC_ATTRIBUTES, new GetTopicAttributes(store, clock))
                        .handle(SnsApi.SET_TOPIC_ATTRIBUTES, new SetTopicAttributes(store, clock))
                        .handle(SnsApi.ADD_PERMISSION, new AddPermission(store))
                        .handle(SnsApi.REMOVE_PERMISSION, new RemovePermission(store))
                        .handle(SnsApi.SUBSCRIBE, new Subscribe(store, clock, ids, confirmations))
                        .handle(SnsApi.CONFIRM_SUBSCRIPTION, new ConfirmSubscription(store, clock))
                        .handle(SnsApi.UNSUBSCRIBE, new Unsubscribe(store, confirmations))
                        .handle(
                                SnsApi.GET_SUBSCRIPTION_ATTRIBUTES,
                                new GetSubscriptionAttributes(store))
                        .handle(
                                SnsApi.SET_SUBSCRIPTION_ATTRIBUTES,
                                new SetSubscriptionAttributes(store, clock))
                        .handle(SnsApi.LIST_SUBSCRIPTIONS, new ListSubscriptions(store))
                        .handle(
                                SnsApi.LIST_SUBSCRIPTIONS_BY_TOPIC,
                                new ListSubscriptionsByTopic(store))
                        .handle(
                                SnsApi.PUBLISH,
                                new Publish(store, clock, ids, publisher, outbox, options))
                        .handle(
                                SnsApi.PUBLISH_BATCH,
                                new PublishBatch(store, clock, ids, publisher, options))
                        .handle(SnsApi.PUT_DATA_PROTECTION_POLICY, protection::put)
                        .handle(SnsApi.GET_DATA_PROTECTION_POLICY, protection::get)
                        .handle(SnsApi.TAG_RESOURCE, tags::tag)
                        .handle(SnsApi.UNTAG_RESOURCE, tags::untag)
                        .handle(SnsApi.LIST_TAGS_FOR_RESOURCE, tags::list)
                        .handle(SnsApi.SET_SMS_ATTRIBUTES, smsAttributes::set)
                        .handle(SnsApi.GET_SMS_ATTRIBUTES, smsAttributes::get)
                        .handle(SnsApi.CHECK_IF_PHONE_NUMBER_IS_OPTED_OUT, optOuts::check)
                        .handle(SnsApi.LIST_PHONE_NUMBERS_OPTED_OUT, optOuts::list)
                        .handle(SnsApi.OPT_IN_PHONE_NUMBER, optOuts::optIn)
                        .handle(SnsApi.GET_SMS_SANDBOX_ACCOUNT_STATUS, sandbox::status)
                        .handle(SnsApi.CREATE_SMS_SANDBOX_PHONE_NUMBER, sandbox::create)
                        .handle(SnsApi.VERIFY_SMS_SANDBOX_PHONE_NUMBER, sandbox::verify)
                        .handle(SnsApi.DELETE_SMS_SANDBOX_PHONE_NUMBER, sandbox::delete)
                        .handle(SnsApi.LIST_SMS_SANDBOX_PHONE_NUMBERS, sandbox::list)
                        .handle(
                                SnsApi.LIST_ORIGINATION_NUMBERS,
                                new ListOriginationNumbers(people.smsNumbers()))
                        .handle(SnsApi.CREATE_PLATFORM_APPLICATION, applications::create)
                        .handle(SnsApi.SET_PLATFORM_APPLICATION_ATTRIBUTES, applications::set)
                        .handle(SnsApi.GET_PLATFORM_APPLICATION_ATTRIBUTES, applications::get)
                        .handle(SnsApi.LIST_PLATFORM_APPLICATIONS, applications::list)
                        .handle(SnsApi.DELETE_PLATFORM_APPLICATION, applications::delete)
                        .handle(SnsApi.CREATE_PLATFORM_ENDPOINT, endpoints::create)
                        .handle(SnsApi.SET_ENDPOINT_ATTRIBUTES, endpoints::set)
                        .handle(SnsApi.GET_ENDPOINT_ATTRIBUTES, endpoints::get)
                        .handle(SnsApi.LIST_ENDPOINTS_BY_PLATFORM_APPLICATION, endpoints::list)
                        .handle(SnsApi.DELETE_ENDPOINT, endpoints::delete)
                        .page(new ExplainPage(store).page())
                        .allowAnonymous(SnsApi.CONFIRM_SUBSCRIPTION, SnsApi.UNSUBSCRIBE)
                        .internalError(SnsApi.Errors.INTERNAL_ERROR_EXCEPTION)
                        .build();
    }

    /// What the outbox needs to deliver SNS's jobs.
    ///
    /// @param targets the queues that topics deliver to
    /// @param providers who sends what is for people
    public static Map<String, JobHandler> handlers(
            Store store,
            Targets targets,
            HttpSender sender,
            Notifications notifications,
            NotificationProviders providers,
            Monitoring monitoring) {
        Map<String, NotificationJobs> jobs =
                Map.of(
                        HttpNotifications.KIND,
                        new HttpNotifications(sender, notifications, monitoring),
                        MailNotifications.KIND,
                        new MailNotifications(providers.mail(), notifications, monitoring),
                        SmsNotifications.KIND,
                        new SmsNotifications(store, providers, monitoring),
                        PushNotifications.KIND,
                        new PushNotifications(store, providers.push(), monitoring),
                        StoreNotifications.KIND,
                        new StoreNotifications(store, targets));
        Map<String, JobHandler> handlers = new HashMap<>();
        jobs.forEach((kind, each) -> handlers.put(kind, new TracedJobs(each, monitoring.trace())));
        return handlers;
    }

    public Service service() {
        return service;
    }

    /// Topics, as targets of other services: `sns` in [Targets].
    public StoreTarget target() {
        return target;
    }

    /// Where gateways tell what telephones answer.
    ///
    /// @param region of answers that name none
    public io.millrace.wire.Page inboundTexts(PageAccess access, String region) {
        return new InboundText(optOuts, access, region).page();
    }

    /// The path at which the certificate of our signatures is to be served.
    public String certificatePath() {
        return keys.path();
    }

    /// The certificate, in PEM.
    public String certificate() {
        return keys.certificatePem();
    }

    /// For tests: publishes what is owed of endpoints' events, now.
    void publishEndpointEvents() {
        endpointEvents.turn();
    }

    /// Takes up what is owed, also from before a restart.
    public void start() {
        removal.resume();
        fanOut.start();
        endpointEvents.start();
        replays.start();
    }

    @Override
    public void close() {
        fanOut.close();
        endpointEvents.close();
        replays.close();
    }
}
