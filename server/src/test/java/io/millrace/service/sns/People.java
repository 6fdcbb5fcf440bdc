package io.millrace.service.sns;

import io.millrace.api.sns.ConfirmSubscriptionInput;
import io.millrace.api.sns.CreatePlatformApplicationInput;
import io.millrace.api.sns.CreatePlatformEndpointInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.notification.Mailbox;
import io.millrace.notification.MailboxEntry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Mail addresses, a telephone and a device that subscribe to topics, read in the mailbox.
final class People {
    static final String NUMBER = "+15550100123";

    private final SnsFixture fixture;

    People(SnsFixture fixture) {
        this.fixture = fixture;
    }

    /// Subscribes a mail address, and confirms that.
    void subscribeMail(String topic, String protocol, Map<String, String> attributes) {
        fixture.subscribe(topic, protocol, protocol + "@example.com", attributes);
        String token = received().getFirst().text().replaceAll("(?s).*Token=([0-9a-f]+).*", "$1");
        fixture.call(
                SnsApi.CONFIRM_SUBSCRIPTION,
                ConfirmSubscriptionInput.builder().topicArn(topic).token(token).build());
        fixture.providers.mailbox().empty();
    }

    String application(Map<String, String> attributes) {
        Map<String, String> all = new HashMap<>(attributes);
        all.put("PlatformCredential", "key");
        return Objects.requireNonNull(
                fixture.call(
                                SnsApi.CREATE_PLATFORM_APPLICATION,
                                CreatePlatformApplicationInput.builder()
                                        .name("shop")
                                        .platform("GCM")
                                        .attributes(all)
                                        .build())
                        .platformApplicationArn());
    }

    String endpoint(String application) {
        return Objects.requireNonNull(
                fixture.call(
                                SnsApi.CREATE_PLATFORM_ENDPOINT,
                                CreatePlatformEndpointInput.builder()
                                        .platformApplicationArn(application)
                                        .token("device-token")
                                        .build())
                        .endpointArn());
    }

    /// What all of them got, the newest first.
    List<MailboxEntry> received() {
        fixture.deliverDue();
        return fixture.providers.mailbox().list(Mailbox.Filter.ALL, null, 10).entries();
    }
}
