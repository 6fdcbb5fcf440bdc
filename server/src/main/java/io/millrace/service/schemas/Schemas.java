package io.millrace.service.schemas;

import io.millrace.api.schemas.SchemasApi;
import io.millrace.delivery.EventBuses;
import io.millrace.engine.Store;
import io.millrace.wire.Ids;
import io.millrace.wire.Resources;
import io.millrace.wire.Service;

import java.time.InstantSource;

/// Amazon EventBridge Schema Registry, and the discovery of schemas from events.
public final class Schemas implements AutoCloseable {
    private final Service service;
    private final Discovery discovery;

    /// Puts the service together.
    ///
    /// @param tap sees the events that schemas are discovered from
    /// @param buses are told of schemas that are made
    public Schemas(Store store, InstantSource clock, Ids ids, DiscoveryTap tap, EventBuses buses) {
        Registries registries = new Registries();
        Versions versions = new Versions(ids, new SchemaEvents(buses));
        Discoverers discoverers = new Discoverers(ids);
        this.discovery = new Discovery(store, clock, ids, tap, registries, versions, discoverers);
        Service.Builder builder =
                Service.of(
                                SchemasApi.MODEL,
                                SchemasLimits.BODY_BYTES_MAX,
                                SchemasErrors::constraints)
                        .messageName("Message")
                        .invalidMembers(refusal -> SchemasErrors.badRequest(refusal.message()))
                        .internalError(SchemasApi.Errors.INTERNAL_SERVER_ERROR_EXCEPTION);
        registries(builder, store, clock, ids, registries, versions, discoverers);
        schemas(builder, store, clock, registries, versions, discoverers);
        discoverers(builder, store, clock, ids, registries, discoverers);
        this.service = builder.build();
    }

    private static void registries(
            Service.Builder builder,
            Store store,
            InstantSource clock,
            Ids ids,
            Registries registries,
            Versions versions,
            Discoverers discoverers) {
        RegistryPolicy policy = new RegistryPolicy(store, ids, registries);
        SchemasTags tags = new SchemasTags(store, registries, versions, discoverers);
        builder.handle(
                        SchemasApi.CREATE_REGISTRY,
                        new CreateRegistry(store, clock, ids, registries))
                .handle(SchemasApi.UPDATE_REGISTRY, new UpdateRegistry(store, registries))
                .handle(SchemasApi.DESCRIBE_REGISTRY, new DescribeRegistry(store, registries))
                .handle(SchemasApi.LIST_REGISTRIES, new ListRegistries(store, registries))
                .handle(
                        SchemasApi.DELETE_REGISTRY,
                        new DeleteRegistry(store, registries, versions, discoverers))
                .handle(SchemasApi.PUT_RESOURCE_POLICY, policy::put)
                .handle(SchemasApi.GET_RESOURCE_POLICY, policy::get)
                .handle(SchemasApi.DELETE_RESOURCE_POLICY, policy::delete)
                .resources(Resources.tagged(tags::ofArn))
                .handle(SchemasApi.TAG_RESOURCE, tags::tag)
                .handle(SchemasApi.UNTAG_RESOURCE, tags::untag)
                .handle(SchemasApi.LIST_TAGS_FOR_RESOURCE, tags::list);
    }

    private static void schemas(
            Service.Builder builder,
            Store store,
            InstantSource clock,
            Registries registries,
            Versions versions,
            Discoverers discoverers) {
        DeleteSchema delete = new DeleteSchema(store, clock, registries, versions, discoverers);
        CodeBindings bindings = new CodeBindings(store, clock, registries, versions);
        builder.handle(
                        SchemasApi.CREATE_SCHEMA,
                        new CreateSchema(store, clock, registries, versions))
                .handle(
                        SchemasApi.UPDATE_SCHEMA,
                        new UpdateSchema(store, clock, registries, versions))
                .handle(SchemasApi.DESCRIBE_SCHEMA, new DescribeSchema(store, registries, versions))
                .handle(SchemasApi.LIST_SCHEMAS, new ListSchemas(store, registries, versions))
                .handle(
                        SchemasApi.LIST_SCHEMA_VERSIONS,
                        new ListSchemaVersions(store, registries, versions))
                .handle(SchemasApi.SEARCH_SCHEMAS, new SearchSchemas(store, registries, versions))
                .handle(SchemasApi.EXPORT_SCHEMA, new ExportSchema(store, registries, versions))
                .handle(SchemasApi.DELETE_SCHEMA, delete::all)
                .handle(SchemasApi.DELETE_SCHEMA_VERSION, delete::version)
                .handle(SchemasApi.PUT_CODE_BINDING, bindings::put)
                .handle(SchemasApi.DESCRIBE_CODE_BINDING, bindings::describe)
                .handle(SchemasApi.GET_CODE_BINDING_SOURCE, bindings::source);
    }

    private static void discoverers(
            Service.Builder builder,
            Store store,
            InstantSource clock,
            Ids ids,
            Registries registries,
            Discoverers discoverers) {
        DiscovererStates states = new DiscovererStates(store, discoverers);
        builder.handle(
                        SchemasApi.CREATE_DISCOVERER,
                        new CreateDiscoverer(store, clock, ids, registries, discoverers))
                .handle(SchemasApi.UPDATE_DISCOVERER, new UpdateDiscoverer(store, discoverers))
                .handle(SchemasApi.DESCRIBE_DISCOVERER, new DescribeDiscoverer(store, discoverers))
                .handle(SchemasApi.LIST_DISCOVERERS, new ListDiscoverers(store, discoverers))
                .handle(SchemasApi.START_DISCOVERER, states::start)
                .handle(SchemasApi.STOP_DISCOVERER, states::stop)
                .handle(SchemasApi.DELETE_DISCOVERER, states::delete)
                .handle(SchemasApi.GET_DISCOVERED_SCHEMA, new GetDiscoveredSchema());
    }

    public Service service() {
        return service;
    }

    /// Infers from what is kept, also from before a restart.
    public void start() {
        discovery.start();
    }

    /// Infers now from everything that waits.
    void inferAll() {
        discovery.inferAll();
    }

    /// Ends discovery; it goes on after the next start.
    @Override
    public void close() {
        discovery.close();
    }
}
