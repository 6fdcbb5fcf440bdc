package io.millrace.app;

import io.millrace.audit.AuditLog;
import io.millrace.audit.AuditPage;
import io.millrace.authorization.ExplainPage;
import io.millrace.authorization.Gatekeeper;
import io.millrace.cloudtrail.CloudTrail;
import io.millrace.delivery.JobHandler;
import io.millrace.delivery.Outbox;
import io.millrace.delivery.OutboxWorkers;
import io.millrace.delivery.RemoteTargets;
import io.millrace.delivery.Renderings;
import io.millrace.delivery.SharedPayloads;
import io.millrace.delivery.Targets;
import io.millrace.engine.RocksStore;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.http.Response;
import io.millrace.http.Server;
import io.millrace.http.ServerOptions;
import io.millrace.http.TlsException;
import io.millrace.identity.Administrators;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.LastUses;
import io.millrace.identity.MfaDevices;
import io.millrace.identity.NewKeys;
import io.millrace.identity.Sessions;
import io.millrace.identity.StoredIdentities;
import io.millrace.identity.TrustedRoles;
import io.millrace.notification.MailboxPage;
import io.millrace.notification.NotificationOptions;
import io.millrace.notification.NotificationProviders;
import io.millrace.notification.PageAccess;
import io.millrace.objects.ObjectStorage;
import io.millrace.secret.SecretException;
import io.millrace.secret.Secrets;
import io.millrace.service.dynamodb.DynamoDb;
import io.millrace.service.dynamodb.DynamoDbOptions;
import io.millrace.service.dynamodbstreams.DynamoDbStreams;
import io.millrace.service.events.ApiDestinations;
import io.millrace.service.events.EventTracing;
import io.millrace.service.events.Events;
import io.millrace.service.events.JdkHttpCaller;
import io.millrace.service.iam.Iam;
import io.millrace.service.kms.Kms;
import io.millrace.service.logs.Logs;
import io.millrace.service.pipes.Pipes;
import io.millrace.service.scheduler.Scheduler;
import io.millrace.service.schemas.DiscoveryTap;
import io.millrace.service.schemas.Schemas;
import io.millrace.service.secretsmanager.SecretsManager;
import io.millrace.service.sns.JdkHttpSender;
import io.millrace.service.sns.Monitoring;
import io.millrace.service.sns.Notifications;
import io.millrace.service.sns.Sns;
import io.millrace.service.sns.SnsOptions;
import io.millrace.service.sqs.Sqs;
import io.millrace.service.sts.Sts;
import io.millrace.storage.SetAside;
import io.millrace.stream.StreamTrimmer;
import io.millrace.trace.TraceLog;
import io.millrace.trace.TracePage;
import io.millrace.wire.Authorizer;
import io.millrace.wire.CallObserver;
import io.millrace.wire.ExecutionRoles;
import io.millrace.wire.Gateway;
import io.millrace.wire.Ids;
import io.millrace.wire.LocalCalls;
import io.millrace.wire.Page;
import io.millrace.wire.Service;
import io.millrace.wire.ServicePage;

import java.io.IOException;
import java.net.BindException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/// A running server, and the only place where its parts are put together.
///
/// ```java
/// try (Millrace millrace = Millrace.start(Configuration.of(directory))) {
///     URI endpoint = URI.create(millrace.endpoint());
/// }
/// ```
public final class Millrace implements AutoCloseable {
    private static final String ONLY_SERVER = "local"; // the embedded store has no second one

    private final Configuration configuration;
    private final boolean believesEveryone;
    private final RocksStore store;
    private final DynamoDb dynamoDb;
    private final Sqs sqs;
    private final Logs logs;
    private final Sns sns;
    private final Schemas schemas;
    private final Events events;
    private final Scheduler scheduler;
    private final Kms kms;
    private final SecretsManager secretsManager;
    private final JdkHttpSender httpSender;
    private final JdkHttpCaller httpCaller;
    private final NotificationProviders providers;
    private final OutboxWorkers outboxWorkers;
    private final SharedPayloads sharedPayloads;
    private final StreamTrimmer streamTrimmer;
    private final Pipes pipes;
    private final TraceLog trace;
    private final AuditLog audit;
    private final Sessions sessions;
    private final LastUses lastUses;
    private final List<Service> services;
    private final Server server;
    private final ControlSocket control;
    private final SteadyClock steady;

    private Millrace(
            Configuration configuration,
            boolean signed,
            SteadyClock steady,
            MovableClock clock,
            RocksStore store,
            ObjectStorage objects)
            throws IOException {
        this.configuration = configuration;
        this.store = store;
        this.steady = steady;
        // what services make must not be guessed
        RandomGenerator random = new BufferedRandom(new SecureRandom());
        Ids ids = new Ids(random);
        Ids requestIds = new Ids(() -> ThreadLocalRandom.current().nextLong());

        this.audit = new AuditLog(configuration.audit(), store, clock, ids);
        this.trace = new TraceLog(store, clock, ids, configuration.trace());
        EventTracing tracing = new EventTracing(trace, clock);

        // AWS's waits after deleting a queue and the like only annoy in development mode, and local
        // set-ups rely on queues that take what topics and rules of their own account send them
        boolean resting = signed;
        this.believesEveryone = !signed;
        Secrets secrets = new Secrets(store, random, configuration.masterKey());
        secrets.check();
        this.kms = new Kms(store, clock, ids, random, secrets);
        Notifications notifications = new Notifications(store, clock, ids);
        this.logs = new Logs(store, clock, ids, resting, kms.customerKeys());
        Targets logTargets = new Targets(Map.of("logs", logs.target()));
        Monitoring monitoring = new Monitoring(clock, ids, store, logTargets, trace);
        Renderings renderings = new Renderings(Map.of(Notifications.KIND, notifications));
        this.sqs = new Sqs(store, clock, ids, renderings, kms.customerKeys(), resting);

        Targets queues = new Targets(Map.of("sqs", sqs.target()));
        this.httpSender = new JdkHttpSender();
        NotificationOptions notificationOptions = configuration.notifications();
        this.providers = new NotificationProviders(store, clock, notificationOptions);
        IdentityStore identityStore = new IdentityStore(store, ids);
        ExecutionRoles roles =
                resting ? new TrustedRoles(identityStore, clock.wall()) : ExecutionRoles.UNCHECKED;
        NewKeys newKeys = new NewKeys(identityStore, secrets, random);
        this.sessions = new Sessions(store, clock.wall());
        this.lastUses = new LastUses(store, clock);
        StoredIdentities identities =
                new StoredIdentities(
                        configuration.credentials(),
                        !resting,
                        identityStore,
                        sessions,
                        secrets,
                        lastUses);
        ExplainPage explain = new ExplainPage(identities);
        MfaDevices devices = new MfaDevices(identityStore, secrets, random, clock.wall());
        Iam iam =
                new Iam(
                        identityStore,
                        clock,
                        ids,
                        newKeys,
                        lastUses,
                        devices,
                        List.of(explain.page()));
        Sts sts = new Sts(identityStore, clock.wall(), sessions, newKeys, identities, devices);
        this.secretsManager = new SecretsManager(store, clock, ids, random, secrets, queues);
        this.httpCaller = new JdkHttpCaller();
        ApiDestinations apiDestinations =
                new ApiDestinations(store, clock, ids, secrets, kms.customerKeys(), httpCaller);
        RemoteTargets remoteTargets =
                new RemoteTargets(Map.of(ApiDestinations.KIND, apiDestinations.target()));
        Map<String, JobHandler> handlers =
                new HashMap<>(
                        Sns.handlers(
                                store, queues, httpSender, notifications, providers, monitoring));
        handlers.putAll(apiDestinations.handlers());
        Outbox outbox = new Outbox(store, clock, ids, random, queues, handlers);
        this.outboxWorkers = new OutboxWorkers(outbox);
        this.sharedPayloads = new SharedPayloads(store, clock);
        String endpoint = endpoint(configuration, configuration.port());
        this.sns =
                new Sns(
                        store,
                        clock,
                        ids,
                        queues,
                        outbox,
                        notifications,
                        monitoring,
                        new SnsOptions(endpoint, resting, notificationOptions, kms.customerKeys()));

        Targets targets =
                new Targets(
                        Map.of(
                                "sqs", sqs.target(),
                                "sns", sns.target(),
                                "logs", logs.target()));
        DiscoveryTap discoveryTap = new DiscoveryTap();
        this.events =
                new Events(
                        store,
                        clock,
                        ids,
                        targets,
                        new Events.Outside(
                                outbox, remoteTargets, apiDestinations, kms.customerKeys()),
                        tracing,
                        List.of(discoveryTap),
                        pages(store));
        this.schemas = new Schemas(store, clock, ids, discoveryTap, events.buses());

        DynamoDbOptions dynamoDbOptions =
                new DynamoDbOptions(resting, configuration.streams(), objects, kms.customerKeys());
        this.dynamoDb = new DynamoDb(store, clock, ids, dynamoDbOptions);
        Service dynamoDbStreams =
                DynamoDbStreams.service(store, clock, configuration.streams(), DynamoDb.images());
        this.streamTrimmer = new StreamTrimmer(store, clock, configuration.streams());
        LocalCalls localCalls = new LocalCalls();
        this.pipes =
                new Pipes(
                        store,
                        clock,
                        ids,
                        random,
                        new Pipes.Sources(sqs.source(), configuration.streams(), DynamoDb.images()),
                        new Pipes.Destinations(
                                targets, events.buses(), remoteTargets, kms.customerKeys()),
                        new Pipes.Permissions(roles, localCalls, endpoint),
                        trace,
                        ONLY_SERVER);

        this.scheduler =
                new Scheduler(
                        store,
                        clock,
                        ids,
                        random,
                        outbox,
                        new Scheduler.Reach(
                                targets,
                                events.buses(),
                                remoteTargets,
                                localCalls,
                                roles,
                                endpoint,
                                kms.customerKeys()));
        outbox.register(Scheduler.JOBS, scheduler.handler());

        services =
                List.of(
                        dynamoDb.service(),
                        dynamoDbStreams,
                        sqs.service(),
                        sns.service(),
                        events.service(),
                        scheduler.service(),
                        pipes.service(),
                        schemas.service(),
                        logs.service(),
                        sts.service(),
                        iam.service(),
                        kms.service(),
                        secretsManager.service());
        Authorizer authorizer = resting ? Gatekeeper.of(clock.wall(), services) : Authorizer.NONE;
        CallObserver cloudTrail =
                new CloudTrail(configuration.cloudTrail(), store, clock, ids, events.buses());
        CallObserver observer = CallObserver.all(List.of(cloudTrail, audit));
        localCalls.bind(services, authorizer, observer);
        explain.bind(services);
        List<Runnable> waitingForATime =
                List.of(
                        sqs::clockMoved,
                        logs::clockMoved,
                        outboxWorkers::clockMoved,
                        sharedPayloads::sweep,
                        events::clockMoved,
                        scheduler::clockMoved,
                        kms::clockMoved,
                        secretsManager::clockMoved,
                        pipes::clockMoved);
        List<Page> pages = new ArrayList<>();
        pages.add(
                new Page(
                        sns.certificatePath(),
                        _ -> Response.of(200, "application/x-pem-file", sns.certificate())));
        if (!resting) { // pages are for everyone, and these show what is in tables and topics
            pages.addAll(dynamoDb.pages(configuration.region()));
            pages.addAll(monitoring.pages());
            pages.add(new ClockPage(clock, waitingForATime).page());
        }
        PageAccess access = new PageAccess(!resting, notificationOptions.secret());
        pages.add(new MailboxPage(providers.mailbox(), access).page());
        pages.add(sns.inboundTexts(access, configuration.region()));
        Gateway gateway =
                new Gateway(
                        new Gateway.Settings(
                                version(), configuration.region(), identities, this::ready),
                        clock.wall(),
                        requestIds,
                        services,
                        pages,
                        observer,
                        authorizer);
        this.server = // before what works in the background: it may be refused
                Server.start(
                        ServerOptions.of(configuration.host(), configuration.port())
                                .withTls(configuration.tls()),
                        gateway);
        SetAside.forget(store);
        sqs.start();
        trace.start();
        audit.start();
        sessions.start();
        lastUses.start();
        streamTrimmer.start();
        dynamoDb.start();
        sns.start();
        schemas.start();
        logs.start();
        events.start();
        scheduler.start();
        kms.start();
        secretsManager.start();
        outboxWorkers.start();
        sharedPayloads.start();
        pipes.start();
        this.control =
                ControlSocket.open(
                        configuration.data(),
                        store,
                        new Administrators(identityStore, clock, newKeys));
        control.start();
        steady.start(waitingForATime);
    }

    /// What became of events, who called what, and what cannot be read.
    private List<ServicePage> pages(Store store) {
        List<ServicePage> all = new ArrayList<>(new TracePage(store, trace).pages());
        all.add(new AuditPage(audit).page());
        all.add(new SetAsidePage(store).page());
        return all;
    }

    /// Opens the store, wires the services, binds the port; serves when it returns.
    ///
    /// @throws StartException when it cannot
    public static Millrace start(Configuration configuration) throws StartException {
        InstantSource system = InstantSource.system();
        configuration.check();
        Thread.ofPlatform().daemon().name("http-prepare").start(Server::prepare);
        ObjectStorage objects;
        try {
            objects = configuration.objects().open(configuration.region(), system);
        } catch (IllegalArgumentException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
        SteadyClock steady = new SteadyClock(system, System::nanoTime, configuration.data());
        RocksStore store;
        try {
            store =
                    RocksStore.open(
                            configuration.data(),
                            configuration.store(),
                            configuration.encryption(new SecureRandom()));
        } catch (StoreException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
        try {
            boolean signed =
                    configuration.mustBeSigned(
                            Administrators.areThere(store), Administrators.haveKeys(store));
            return new Millrace(
                    configuration,
                    signed,
                    steady,
                    new MovableClock(steady, system),
                    store,
                    objects);
        } catch (StartException e) {
            store.close();
            throw e;
        } catch (IOException e) {
            store.close();
            throw new StartException(cannotListen(configuration, e), e);
        } catch (SecretException | TlsException | StoreException e) {
            store.close();
            throw new StartException(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static String cannotListen(Configuration configuration, IOException e) {
        String place = configuration.host() + ":" + configuration.port();
        return e instanceof BindException && String.valueOf(e.getMessage()).contains("in use")
                ? "something else listens on " + place + "; choose another --port"
                : "cannot listen on " + place + ": " + e.getMessage();
    }

    /// The version of this build.
    static String version() {
        String version = Millrace.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /// The services and their operation tables.
    List<Service> services() {
        return services;
    }

    /// Whether any credentials will do, as in development mode.
    boolean believesEveryone() {
        return believesEveryone;
    }

    /// Whether what is stored is encrypted.
    boolean isEncrypted() {
        return store.isEncrypted();
    }

    public int port() {
        return server.port();
    }

    /// The URL to give to clients, without a slash at its end.
    public String endpoint() {
        return endpoint(configuration, port());
    }

    private static String endpoint(Configuration configuration, int port) {
        String host = configuration.host();
        String scheme = configuration.tls() == null ? "http" : "https";
        return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private boolean ready() {
        try {
            return store.read(Snapshot::version) >= 0;
        } catch (StoreException _) {
            return false;
        }
    }

    /// Answers what is on its way, then closes the store.
    @Override
    public void close() {
        steady.close();
        control.close();
        pipes.close();
        sqs.close();
        streamTrimmer.close();
        dynamoDb.close();
        logs.close();
        server.close();
        outboxWorkers.close();
        sharedPayloads.close();
        httpSender.close();
        httpCaller.close();
        providers.close();
        sns.close();
        schemas.close();
        events.close();
        trace.close();
        audit.close();
        scheduler.close();
        kms.close();
        sessions.close();
        lastUses.close();
        secretsManager.close();
        store.close();
    }
}
