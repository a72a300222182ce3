// Sends one message over nodemailer.
//
//   node nodemailer.js '{"host": ..., "port": ..., "ca": PATH, "user": ..., "password": ...}' SCENARIO
//
// SCENARIO: JSON with "secure" (TLS from the first octet), "to", "subject", "text", "file".
// NODE_PATH names the folder that tools/install_node_clients.sh filled. Ends with 1 and the reason when
// it fails; 0 and nothing on standard error otherwise.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const nodemailer = require("nodemailer");

const settings = JSON.parse(process.argv[2]);
const wanted = JSON.parse(process.argv[3]);

async function main() {
    const transport = nodemailer.createTransport({
        host: settings.host,
        port: settings.port,
        secure: wanted.secure,
        requireTLS: true,
        auth: { user: settings.user, pass: settings.password },
        tls: { ca: fs.readFileSync(settings.ca), servername: "mail.example.test" },
    });
    await transport.verify();
    const sent = await transport.sendMail({
        from: { name: "Änne Müller", address: settings.user },
        to: wanted.to,
        subject: wanted.subject,
        text: wanted.text,
        attachments: [{ path: wanted.file }],
    });
    assert.deepEqual(sent.accepted, wanted.to);
    assert.deepEqual(sent.rejected, []);
    transport.close();
}

main().catch((fault) => {
    console.error(fault);
    process.exit(1);
});
