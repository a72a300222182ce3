// Steps of a program that fetches mail over node-pop3; the caller names the scenario.
//
//   node pop3.js '{"host": ..., "port": ..., "ca": PATH, "user": ..., "password": ...}' SCENARIO
//
// NODE_PATH names the folder that tools/install_node_clients.sh filled. Ends with 1 and the reason at
// the first step that fails; 0 and nothing on standard error otherwise.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const Pop3 = require("node-pop3");

const settings = JSON.parse(process.argv[2]);

function open(password = settings.password) {
    return new Pop3({
        host: settings.host,
        port: settings.port,
        user: settings.user,
        password,
        tls: true,
        servername: "mail.example.test",
        tlsOptions: { ca: fs.readFileSync(settings.ca) },
        timeout: 20_000,
    });
}

const scenarios = {
    async reads() {
        const client = open();
        const list = await client.LIST();
        assert.deepEqual(list.map(([number]) => number), ["1", "2"]);
        const whole = await client.RETR(2);
        assert.match(whole, /^Subject: second\r$/m);
        // The client takes no dot away: a line that begins with one has one more (RFC 1939 3).
        assert.match(whole, /\r\n\r\nText of second\.\r\n\.\.\r\n\.\.\.two/);
        assert.match(await client.STAT(), /^2 \d+/);
        const top = await client.TOP(1, 0);
        assert.match(top, /^Subject: first\r$/m);
        assert.doesNotMatch(top, /Text of/);
        await client.NOOP();
        await client.QUIT();
    },

    async deletes() {
        let client = open();
        const before = await client.UIDL();
        assert.equal(new Set(before.map(([, id]) => id)).size, 3);
        assert.deepEqual(await client.UIDL(2), before[1]);
        await client.command("DELE", 1);
        await client.RSET();
        await client.command("DELE", 2);
        await client.QUIT();
        client = open();
        const after = await client.UIDL();
        assert.deepEqual(after.map(([, id]) => id), [before[0][1], before[2][1]]);
        await client.QUIT();
    },

    async faults() {
        await assert.rejects(open("wrong-Wrong-77").LIST(), /\[AUTH\]/);
        const client = open();
        await client.LIST();
        await assert.rejects(client.RETR(7), /message/i);
        await assert.rejects(open().LIST(), /\[IN-USE\]/);
        await client.QUIT();
    },
};

// A program of its own for each scenario: what hangs ends with the caller's patience.
scenarios[process.argv[3]]().then(
    () => process.exit(0),
    (reason) => {
        console.error(reason);
        process.exit(1);
    },
);
