package io.millrace.notification;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// An SMTP server on a socket, for one test: takes mails, or refuses recipients as it is told.
final class FakeSmtp implements AutoCloseable {
    final List<String> commands = new CopyOnWriteArrayList<>();
    final List<String> mails = new CopyOnWriteArrayList<>();
    volatile String recipientReply = "250 OK";

    private final ServerSocket socket;
    private final Thread server;

    FakeSmtp() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server = Thread.ofVirtual().start(this::serve);
    }

    String url() {
        return "smtp://" + address();
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        socket.close();
        server.join();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                serve(client);
            } catch (IOException _) { // the client left, or close() was called
            }
        }
    }

    private void serve(Socket client) throws IOException {
        BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        OutputStream out = client.getOutputStream();
        answer(out, "220 fake");
        String line = in.readLine();
        while (line != null) {
            commands.add(line);
            switch (line.split("[ :]", 2)[0]) {
                case "EHLO" -> answer(out, "250-fake\r\n250 AUTH PLAIN");
                case "AUTH" -> answer(out, "235 welcome");
                case "RCPT" -> answer(out, recipientReply);
                case "DATA" -> {
                    answer(out, "354 go on");
                    StringBuilder mail = new StringBuilder();
                    for (String text = in.readLine();
                            text != null && !text.equals(".");
                            text = in.readLine()) {
                        mail.append(text).append('\n');
                    }
                    mails.add(mail.toString());
                    answer(out, "250 OK");
                }
                case "QUIT" -> {
                    answer(out, "221 bye");
                    return;
                }
                default -> answer(out, "250 OK");
            }
            line = in.readLine();
        }
    }

    private static void answer(OutputStream out, String text) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
