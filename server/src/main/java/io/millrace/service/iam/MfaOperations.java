package io.millrace.service.iam;

import io.millrace.api.Unit;
import io.millrace.api.iam.CreateVirtualMFADeviceRequest;
import io.millrace.api.iam.CreateVirtualMFADeviceResponse;
import io.millrace.api.iam.DeactivateMFADeviceRequest;
import io.millrace.api.iam.DeleteVirtualMFADeviceRequest;
import io.millrace.api.iam.EnableMFADeviceRequest;
import io.millrace.api.iam.GetMFADeviceRequest;
import io.millrace.api.iam.GetMFADeviceResponse;
import io.millrace.api.iam.ListMFADeviceTagsRequest;
import io.millrace.api.iam.ListMFADeviceTagsResponse;
import io.millrace.api.iam.ListMFADevicesRequest;
import io.millrace.api.iam.ListMFADevicesResponse;
import io.millrace.api.iam.ListVirtualMFADevicesRequest;
import io.millrace.api.iam.ListVirtualMFADevicesResponse;
import io.millrace.api.iam.MFADevice;
import io.millrace.api.iam.ResyncMFADeviceRequest;
import io.millrace.api.iam.Tag;
import io.millrace.api.iam.TagMFADeviceRequest;
import io.millrace.api.iam.UntagMFADeviceRequest;
import io.millrace.api.iam.VirtualMFADevice;
import io.millrace.engine.Snapshot;
import io.millrace.identity.Kind;
import io.millrace.identity.MfaDevice;
import io.millrace.identity.MfaDevices;
import io.millrace.identity.StoredPrincipal;
import io.millrace.wire.Caller;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// Virtual MFA devices of users: `CreateVirtualMFADevice`, whose answer alone tells the seed,
/// `EnableMFADevice`, `ResyncMFADevice`, `DeactivateMFADevice`, `DeleteVirtualMFADevice`,
/// `ListMFADevices`, `ListVirtualMFADevices` and their tags. Errors: `DeleteConflict`,
/// `EntityAlreadyExists`, `InvalidAuthenticationCode`, `LimitExceeded`, `NoSuchEntity`. Source:
/// [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateVirtualMFADevice.html).
final class MfaOperations {
    private static final String TAGS_QUOTA = "TagsPerMFADevice";
    private static final String ASSIGNED = "Assigned";
    private static final String UNASSIGNED = "Unassigned";

    private final Entities entities;
    private final MfaDevices devices;

    MfaOperations(Entities entities, MfaDevices devices) {
        this.entities = entities;
        this.devices = devices;
    }

    CreateVirtualMFADeviceResponse create(Caller caller, CreateVirtualMFADeviceRequest request) {
        byte[] seed = devices.seed();
        Map<String, String> tags = Tags.with(Map.of(), request.tags(), TAGS_QUOTA);
        MfaDevice device =
                devices.device(
                        caller.accountId(),
                        request.virtualMFADeviceName(),
                        Entities.path(request.path()),
                        seed,
                        new TreeMap<>(tags));
        if (device.serialNumber(caller.accountId()).length() > IamLimits.SERIAL_NUMBER_MAX) {
            throw IamErrors.validation("The name and path of the device are too long.");
        }
        entities.identities()
                .write(tx -> {
                    if (devices.named(tx, caller.accountId(), device.name()).isPresent()) {
                        throw IamErrors.alreadyExists(
                                "MFADevice entity at the same path and name already exists.");
                    }
                    if (devices.all(tx, caller.accountId()).size() >= IamLimits.USERS_MAX) {
                        throw IamErrors.quota("VirtualMFADevicesPerAccount", IamLimits.USERS_MAX);
                    }
                    devices.put(tx, caller.accountId(), device);
                    return device;
                });
        return new CreateVirtualMFADeviceResponse(
                VirtualMFADevice.builder()
                        .serialNumber(device.serialNumber(caller.accountId()))
                        .base32StringSeed(Base32.of(seed).getBytes(StandardCharsets.US_ASCII))
                        .tags(Tags.listOrNull(device.tags()))
                        .build());
    }

    Unit enable(Caller caller, EnableMFADeviceRequest request) {
        MfaDevice synchronised =
                synchronised(
                        caller,
                        request.serialNumber(),
                        request.authenticationCode1(),
                        request.authenticationCode2());
        return entities.identities()
                .write(tx -> {
                    StoredPrincipal user =
                            entities.require(tx, caller, Kind.USER, request.userName());
                    MfaDevice current = require(tx, caller, request.serialNumber());
                    if (current.userId() != null) {
                        throw IamErrors.alreadyExists(
                                "MFA Device " + request.serialNumber() + " is already in use.");
                    }
                    if (devices.of(tx, caller.accountId(), user.id()).size()
                            >= IamLimits.MFA_DEVICES_MAX) {
                        throw IamErrors.quota("MFADevicesPerUser", IamLimits.MFA_DEVICES_MAX);
                    }
                    MfaDevice renewed = renewed(current, synchronised);
                    devices.put(tx, caller.accountId(), devices.assigned(renewed, user.id()));
                    return Unit.UNIT;
                });
    }

    Unit resync(Caller caller, ResyncMFADeviceRequest request) {
        MfaDevice synchronised =
                synchronised(
                        caller,
                        request.serialNumber(),
                        request.authenticationCode1(),
                        request.authenticationCode2());
        return entities.identities()
                .write(tx -> {
                    MfaDevice current =
                            requireOf(tx, caller, request.userName(), request.serialNumber());
                    devices.put(tx, caller.accountId(), renewed(current, synchronised));
                    return Unit.UNIT;
                });
    }

    private MfaDevice synchronised(Caller caller, String serial, String first, String second) {
        MfaDevice device =
                entities.identities().read(snapshot -> require(snapshot, caller, serial));
        return devices.synchronised(caller.accountId(), device, first, second)
                .orElseThrow(IamErrors::invalidAuthenticationCode);
    }

    private static MfaDevice renewed(MfaDevice current, MfaDevice synchronised) {
        return current.synchronisedAs(synchronised)
                .orElseThrow(IamErrors::invalidAuthenticationCode);
    }

    Unit deactivate(Caller caller, DeactivateMFADeviceRequest request) {
        String name = Entities.userName(caller, request.userName());
        return entities.identities()
                .write(tx -> {
                    MfaDevice device = requireOf(tx, caller, name, request.serialNumber());
                    devices.put(tx, caller.accountId(), devices.assigned(device, null));
                    return Unit.UNIT;
                });
    }

    Unit delete(Caller caller, DeleteVirtualMFADeviceRequest request) {
        return entities.identities()
                .write(tx -> {
                    MfaDevice device = require(tx, caller, request.serialNumber());
                    if (device.userId() != null) {
                        throw IamErrors.deleteConflict(
                                "Cannot delete virtual MFA device, must deactivate it first.");
                    }
                    devices.remove(tx, caller.accountId(), device);
                    return Unit.UNIT;
                });
    }

    ListMFADevicesResponse list(Caller caller, ListMFADevicesRequest request) {
        String name = Entities.userName(caller, request.userName());
        List<MFADevice> all =
                entities.identities()
                        .read(snapshot -> {
                            StoredPrincipal user =
                                    entities.require(snapshot, caller, Kind.USER, name);
                            return devices.of(snapshot, caller.accountId(), user.id()).stream()
                                    .map(each ->
                                            new MFADevice(
                                                    user.name(),
                                                    each.serialNumber(caller.accountId()),
                                                    Instant.ofEpochMilli(each.enabledMillis())))
                                    .toList();
                        });
        ListPage<MFADevice> page =
                ListPage.of(all, MFADevice::serialNumber, request.marker(), request.maxItems());
        return new ListMFADevicesResponse(page.items(), page.isTruncated(), page.marker());
    }

    GetMFADeviceResponse get(Caller caller, GetMFADeviceRequest request) {
        return entities.identities()
                .read(snapshot -> {
                    String name = Entities.userName(caller, request.userName());
                    MfaDevice device = requireOf(snapshot, caller, name, request.serialNumber());
                    return GetMFADeviceResponse.builder()
                            .userName(name)
                            .serialNumber(device.serialNumber(caller.accountId()))
                            .enableDate(Instant.ofEpochMilli(device.enabledMillis()))
                            .build();
                });
    }

    ListVirtualMFADevicesResponse listVirtual(Caller caller, ListVirtualMFADevicesRequest request) {
        String wanted = request.assignmentStatus();
        List<VirtualMFADevice> all =
                entities.identities()
                        .read(snapshot -> {
                            Map<String, StoredPrincipal> users = users(snapshot, caller);
                            return devices.all(snapshot, caller.accountId()).stream()
                                    .filter(each ->
                                            each.userId() == null || !UNASSIGNED.equals(wanted))
                                    .filter(each ->
                                            each.userId() != null || !ASSIGNED.equals(wanted))
                                    .map(each -> virtual(caller, each, users))
                                    .toList();
                        });
        ListPage<VirtualMFADevice> page =
                ListPage.of(
                        all, VirtualMFADevice::serialNumber, request.marker(), request.maxItems());
        return new ListVirtualMFADevicesResponse(page.items(), page.isTruncated(), page.marker());
    }

    private Map<String, StoredPrincipal> users(Snapshot snapshot, Caller caller) {
        Map<String, StoredPrincipal> users = new TreeMap<>();
        byte[] all = entities.identities().all(caller.accountId(), Kind.USER);
        try (var cursor = snapshot.prefix(all)) {
            while (cursor.next()) {
                StoredPrincipal user = entities.identities().decodePrincipal(cursor.value());
                users.put(user.id(), user);
            }
        }
        return users;
    }

    private static VirtualMFADevice virtual(
            Caller caller, MfaDevice device, Map<String, StoredPrincipal> users) {
        StoredPrincipal user = device.userId() == null ? null : users.get(device.userId());
        return VirtualMFADevice.builder()
                .serialNumber(device.serialNumber(caller.accountId()))
                .user(user == null ? null : Views.listedUser(caller.accountId(), user))
                .enableDate(
                        device.userId() == null
                                ? null
                                : Instant.ofEpochMilli(device.enabledMillis()))
                .build();
    }

    Unit tag(Caller caller, TagMFADeviceRequest request) {
        return change(
                caller,
                request.serialNumber(),
                tags -> Tags.with(tags, request.tags(), TAGS_QUOTA));
    }

    Unit untag(Caller caller, UntagMFADeviceRequest request) {
        return change(
                caller, request.serialNumber(), tags -> Tags.without(tags, request.tagKeys()));
    }

    ListMFADeviceTagsResponse listTags(Caller caller, ListMFADeviceTagsRequest request) {
        MfaDevice device =
                entities.identities()
                        .read(snapshot -> require(snapshot, caller, request.serialNumber()));
        ListPage<Tag> page = Tags.page(device.tags(), request.marker(), request.maxItems());
        return new ListMFADeviceTagsResponse(page.items(), page.isTruncated(), page.marker());
    }

    private Unit change(
            Caller caller, String serialNumber, UnaryOperator<Map<String, String>> change) {
        return entities.identities()
                .write(tx -> {
                    MfaDevice device = require(tx, caller, serialNumber);
                    Map<String, String> tags = change.apply(device.tags());
                    devices.put(tx, caller.accountId(), device.withTags(new TreeMap<>(tags)));
                    return Unit.UNIT;
                });
    }

    private MfaDevice require(Snapshot snapshot, Caller caller, String serialNumber) {
        return devices.find(snapshot, caller.accountId(), serialNumber)
                .orElseThrow(() -> notFound(serialNumber));
    }

    /// A device that this user has enabled.
    private MfaDevice requireOf(
            Snapshot snapshot, Caller caller, String userName, String serialNumber) {
        String userId = entities.require(snapshot, caller, Kind.USER, userName).id();
        return Optional.of(require(snapshot, caller, serialNumber))
                .filter(device -> userId.equals(device.userId()))
                .orElseThrow(() -> notFound(serialNumber));
    }

    private static RuntimeException notFound(String serialNumber) {
        return IamErrors.noSuchEntity(
                "VirtualMFADevice with serial number " + serialNumber + " doesn't exist.");
    }
}
