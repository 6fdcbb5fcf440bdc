package io.millrace.service.iam;

import io.millrace.api.Unit;
import io.millrace.api.iam.GenerateCredentialReportResponse;
import io.millrace.api.iam.GetCredentialReportResponse;
import io.millrace.api.iam.IamApi;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.identity.CredentialReport;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.Kind;
import io.millrace.identity.LastUse;
import io.millrace.identity.LastUses;
import io.millrace.identity.MfaDevices;
import io.millrace.identity.StoredAccessKey;
import io.millrace.identity.StoredPrincipal;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The list of all users and their access keys, made at most every four hours:
/// `GenerateCredentialReport`, after which it is there at once, and `GetCredentialReport`. Errors:
/// `ReportNotPresent`, `ReportExpired`. Source: [the
/// report](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html).
final class CredentialReports {
    private static final String HEADER =
            "user,arn,user_creation_time,password_enabled,password_last_used,"
                    + "password_last_changed,password_next_rotation,mfa_active,"
                    + "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,"
                    + "access_key_1_last_used_region,access_key_1_last_used_service,"
                    + "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
                    + "access_key_2_last_used_region,access_key_2_last_used_service,"
                    + "cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";
    private static final String NO_PASSWORD = "false,N/A,N/A,N/A";
    private static final String NO_KEY = "false,N/A,N/A,N/A,N/A";
    private static final String NO_CERTIFICATES = "false,N/A,false,N/A";

    private record Line(StoredPrincipal user, boolean mfa, List<StoredAccessKey> keys) {}

    private final IdentityStore identities;
    private final InstantSource clock;
    private final LastUses lastUses;
    private final MfaDevices devices;

    CredentialReports(
            IdentityStore identities, InstantSource clock, LastUses lastUses, MfaDevices devices) {
        this.identities = identities;
        this.devices = devices;
        this.clock = clock;
        this.lastUses = lastUses;
    }

    GenerateCredentialReportResponse generate(Caller caller, Unit request) {
        String account = caller.accountId();
        CredentialReport before =
                identities
                        .read(snapshot -> identities.credentialReport(snapshot, account))
                        .orElse(null);
        if (before == null || isOld(before)) {
            long now = clock.millis();
            byte[] content = content(account).getBytes(StandardCharsets.UTF_8);
            CredentialReport made = new CredentialReport(now, content);
            identities.write(tx -> {
                identities.put(tx, account, made);
                return made;
            });
        }
        return GenerateCredentialReportResponse.builder().state("COMPLETE").build();
    }

    private boolean isOld(CredentialReport report) {
        Instant made = Instant.ofEpochMilli(report.generatedMillis());
        return made.plus(IamLimits.CREDENTIAL_REPORT_AGE).isBefore(clock.instant());
    }

    GetCredentialReportResponse get(Caller caller, Unit request) {
        CredentialReport report =
                identities
                        .read(snapshot -> identities.credentialReport(snapshot, caller.accountId()))
                        .orElseThrow(() ->
                                new ServiceException(
                                        IamApi.Errors.CREDENTIAL_REPORT_NOT_PRESENT_EXCEPTION,
                                        "No report present. Try GenerateCredentialReport."));
        if (isOld(report)) {
            throw new ServiceException(
                    IamApi.Errors.CREDENTIAL_REPORT_EXPIRED_EXCEPTION,
                    "The report has expired. Try GenerateCredentialReport.");
        }
        return GetCredentialReportResponse.builder()
                .content(report.content())
                .reportFormat("text/csv")
                .generatedTime(Instant.ofEpochMilli(report.generatedMillis()))
                .build();
    }

    private String content(String account) {
        StringBuilder text = new StringBuilder(HEADER);
        for (Line line : identities.read(snapshot -> lines(snapshot, account))) {
            StoredPrincipal user = line.user();
            text.append('\n')
                    .append(user.name())
                    .append(',')
                    .append(user.arn(account))
                    .append(',')
                    .append(time(user.createdMillis()))
                    .append(',')
                    .append(NO_PASSWORD)
                    .append(',')
                    .append(line.mfa());
            for (int i = 0; i < IamLimits.ACCESS_KEYS_PER_USER_MAX; i++) {
                text.append(',').append(i < line.keys().size() ? key(line.keys().get(i)) : NO_KEY);
            }
            text.append(',').append(NO_CERTIFICATES);
        }
        return text.toString();
    }

    private List<Line> lines(Snapshot snapshot, String account) {
        List<Line> lines = new ArrayList<>();
        Set<String> withDevice =
                devices.all(snapshot, account).stream()
                        .flatMap(device -> Stream.ofNullable(device.userId()))
                        .collect(Collectors.toSet());
        try (Cursor cursor = snapshot.prefix(identities.all(account, Kind.USER))) {
            while (lines.size() < IamLimits.USERS_MAX && cursor.next()) {
                StoredPrincipal user = identities.decodePrincipal(cursor.value());
                lines.add(
                        new Line(
                                user,
                                withDevice.contains(user.id()),
                                user.accessKeys().stream()
                                        .flatMap(id -> identities.accessKey(snapshot, id).stream())
                                        .toList()));
            }
        }
        return lines;
    }

    private String key(StoredAccessKey key) {
        LastUse use = lastUses.of(key.id());
        return key.active()
                + ","
                + time(key.createdMillis())
                + ","
                + (use == null
                        ? "N/A,N/A,N/A"
                        : time(use.millis()) + "," + use.region() + "," + use.service());
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
