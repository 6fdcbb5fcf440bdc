package io.millrace.service.pipes;

import io.millrace.api.pipes.PipesApi;
import io.millrace.delivery.EventBuses;
import io.millrace.delivery.PipeFilters;
import io.millrace.delivery.QueueSource;
import io.millrace.delivery.RemoteTargets;
import io.millrace.delivery.Targets;
import io.millrace.engine.Store;
import io.millrace.secret.CustomerKeys;
import io.millrace.stream.ImageDecoder;
import io.millrace.stream.StreamOptions;
import io.millrace.trace.Trace;
import io.millrace.wire.ExecutionRoles;
import io.millrace.wire.Ids;
import io.millrace.wire.LocalCalls;
import io.millrace.wire.Resources;
import io.millrace.wire.Service;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Amazon EventBridge Pipes: its operations, and the pipes that this server runs. Thread-safe.
public final class Pipes implements AutoCloseable {

    /// What pipes read from.
    ///
    /// @param streams of tables
    /// @param images decodes what DynamoDB wrote into them
    public record Sources(QueueSource queues, StreamOptions streams, ImageDecoder images) {}

    /// What pipes deliver to, and enrich by.
    ///
    /// @param keys that pipes may be encrypted with
    public record Destinations(
            Targets targets, EventBuses buses, RemoteTargets remotes, CustomerKeys keys) {}

    /// As what pipes read and deliver.
    ///
    /// @param calls what roles are asked for
    /// @param endpoint our own URL
    public record Permissions(ExecutionRoles roles, LocalCalls calls, String endpoint) {}

    private final Service service;
    private final PipeSteps steps;
    private final PipeWorkers workers;

    /// @param random spreads retries
    /// @param trace is told what becomes of events
    /// @param server this server's name among those that share the store; the same after a restart
    public Pipes(
            Store store,
            InstantSource clock,
            Ids ids,
            RandomGenerator random,
            Sources sources,
            Destinations destinations,
            Permissions permissions,
            Trace trace,
            String server) {
        PipeTrace told = new PipeTrace(trace, clock);
        Run.Parts parts =
                new Run.Parts(
                        store,
                        clock,
                        ids,
                        random,
                        sources.queues,
                        sources.streams,
                        sources.images,
                        new StoreDelivery(destinations.targets, destinations.buses, told),
                        told);
        this.steps =
                new PipeSteps(
                        parts,
                        destinations.remotes,
                        new PipeRole(permissions.roles, permissions.calls, permissions.endpoint));
        this.workers = new PipeWorkers(steps, new Leases(store, clock, server));
        Transitions transitions = new Transitions(store, clock);
        PipeTags tags = new PipeTags(store);
        this.service =
                Service.of(PipesApi.MODEL, PipesLimits.BODY_BYTES_MAX, PipesErrors::constraints)
                        .resources(Resources.tagged(tags::ofArn))
                        .handle(
                                PipesApi.CREATE_PIPE,
                                new CreatePipe(store, clock, ids, destinations.keys))
                        .handle(
                                PipesApi.UPDATE_PIPE,
                                new UpdatePipe(store, clock, destinations.keys))
                        .handle(PipesApi.DESCRIBE_PIPE, new DescribePipe(store))
                        .handle(PipesApi.LIST_PIPES, new ListPipes(store))
                        .handle(PipesApi.START_PIPE, transitions::start)
                        .handle(PipesApi.STOP_PIPE, transitions::stop)
                        .handle(PipesApi.DELETE_PIPE, transitions::delete)
                        .handle(PipesApi.TAG_RESOURCE, tags::tag)
                        .handle(PipesApi.UNTAG_RESOURCE, tags::untag)
                        .handle(PipesApi.LIST_TAGS_FOR_RESOURCE, tags::list)
                        .page(new ExplainPage(store, new ShownFilters()).page())
                        .build();
    }

    public Service service() {
        return service;
    }

    /// The filters of pipes, to be explained.
    public PipeFilters filters() {
        return new ShownFilters();
    }

    /// For tests: what is done with pipes, to be done step by step.
    PipeSteps steps() {
        return steps;
    }

    /// Takes up the pipes that are at work, also from before a restart.
    public void start() {
        workers.start();
    }

    /// Lets what waits for a time look at the clock again.
    public void clockMoved() {
        workers.clockMoved();
    }

    @Override
    public void close() {
        workers.close();
    }
}
