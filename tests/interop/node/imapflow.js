// Steps of a mail program over imapflow; the caller names the scenario.
//
//   node imapflow.js '{"host": ..., "port": ..., "ca": PATH, "user": ..., "password": ...}' SCENARIO
//
// NODE_PATH names the folder that tools/install_node_clients.sh filled. Ends with 1 and the reason at
// the first step that fails; 0 and nothing on standard error otherwise.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const { ImapFlow } = require("imapflow");

const settings = JSON.parse(process.argv[2]);
const wire = []; // what went over the line, for steps that want to see a command

async function connect(options = {}) {
    const client = new ImapFlow({
        host: settings.host,
        port: settings.port,
        secure: true,
        tls: { ca: fs.readFileSync(settings.ca), servername: "mail.example.test" },
        auth: { user: settings.user, pass: settings.password },
        logger: {
            trace() {}, debug: (entry) => wire.push(entry), info() {},
            warn: (entry) => wire.push(entry), error: (entry) => wire.push(entry),
        },
        ...options,
    });
    await client.connect();
    return client;
}

function mail(subject, text = `Text of ${subject}.\r\n`) {
    return `From: sender@elsewhere.test\r\nTo: ${settings.user}\r\nSubject: ${subject}\r\n` +
        `Date: Mon, 01 Jun 2026 10:00:00 +0000\r\n` +
        `Message-ID: <${subject.replace(/\W/g, ".")}@node.test>\r\n\r\n${text}`;
}

// The next event of that name; rejects after 20 seconds.
function next(client, name, matches = () => true) {
    return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no event ${name}`)), 20_000);
        client.on(name, function listener(data) {
            if (!matches(data)) return;
            clearTimeout(timer);
            client.off(name, listener);
            resolve(data);
        });
    });
}

async function all(generator) {
    const found = [];
    for await (const one of generator) found.push(one);
    return found;
}

const plain = (flags) => [...flags].filter((flag) => flag !== "\\Recent").sort();

// A mailbox of its own with `count` messages "number 1" and so on, opened.
async function filled(client, path, count) {
    assert.equal((await client.mailboxCreate(path)).created, true);
    const uids = [];
    for (let number = 1; number <= count; ++number) {
        uids.push((await client.append(path, mail(`number ${number}`))).uid);
    }
    await client.mailboxOpen(path);
    return uids;
}

const scenarios = {
    async folders(client) {
        const uses = Object.fromEntries((await client.list()).map((one) => [one.path, one.specialUse]));
        assert.equal(uses.INBOX, "\\Inbox");
        for (const use of ["Drafts", "Sent", "Junk", "Trash", "Archive"]) {
            assert.equal(uses[use], `\\${use}`);
        }
        const names = ["Größe & Co", "Node/Inner", "😀", 'With "quotes" and \\', "日本語/台北"];
        for (const name of names) {
            assert.equal((await client.mailboxCreate(name)).path, name);
            await client.mailboxSubscribe(name);
        }
        const listed = await client.list({ statusQuery: { messages: true, uidNext: true } });
        for (const name of names) {
            const one = listed.find((each) => each.path === name);
            assert.ok(one, `${name} is listed`);
            assert.equal(one.subscribed, true);
            assert.equal(one.delimiter, "/");
            assert.equal(one.status.messages, 0);
            assert.equal(one.status.uidNext, 1);
        }
        await client.mailboxRename("😀", "😀 moved");
        await client.mailboxUnsubscribe(names[0]);
        const after = await client.list();
        assert.ok(after.some((one) => one.path === "😀 moved"));
        assert.ok(!after.some((one) => one.path === "😀"));
        assert.ok(!after.find((one) => one.path === names[0]).subscribed);
        for (const name of [names[0], "Node/Inner", "Node", "😀 moved", names[3], names[4], "日本語"]) {
            assert.equal((await client.mailboxDelete(name)).path, name);
        }
        await assert.rejects(client.mailboxOpen(names[0]), { serverResponseCode: "NONEXISTENT" });
    },

    async messages(client) {
        const uids = await filled(client, "Node mail", 5);
        assert.equal(client.mailbox.exists, 5);
        assert.equal(client.mailbox.uidNext, uids[4] + 1);

        const fetched = await all(client.fetch("1:*", {
            uid: true, flags: true, envelope: true, bodyStructure: true, size: true, source: true,
            internalDate: true, headers: ["Subject", "message-id"], bodyParts: ["text"],
        }));
        assert.deepEqual(fetched.map((one) => one.uid), uids);
        assert.deepEqual(fetched.map((one) => one.envelope.subject),
            [1, 2, 3, 4, 5].map((number) => `number ${number}`));
        const third = fetched[2];
        assert.equal(third.source.toString(), mail("number 3"));
        assert.equal(third.size, mail("number 3").length);
        assert.equal(third.bodyStructure.type, "text/plain");
        assert.equal(third.bodyParts.get("text").toString(), "Text of number 3.\r\n");
        assert.match(third.headers.toString(), /^Subject: number 3\r\nMessage-ID: <number.3@node.test>/);
        assert.equal(third.envelope.messageId, "<number.3@node.test>");
        assert.equal(third.envelope.from[0].address, "sender@elsewhere.test");

        await client.messageFlagsAdd("1:2", ["\\Seen", "$Work"]);
        await client.messageFlagsRemove({ uid: String(uids[0]) }, ["\\Seen"]);
        await client.messageFlagsSet({ uid: String(uids[2]) }, ["\\Flagged"]);
        const flags = (await all(client.fetch("1:*", { flags: true }))).map((one) => plain(one.flags));
        assert.deepEqual(flags, [["$Work"], ["$Work", "\\Seen"], ["\\Flagged"], [], []]);

        assert.deepEqual(await client.search({ seen: true }, { uid: true }), [uids[1]]);
        assert.deepEqual(await client.search({ keyword: "$Work" }), [1, 2]);
        assert.deepEqual(await client.search({ subject: "NUMBER 4" }, { uid: true }), [uids[3]]);
        assert.deepEqual(await client.search({ body: "of number 5" }), [5]);
        assert.deepEqual(await client.search({ or: [{ flagged: true }, { seen: true }] }), [2, 3]);
        assert.deepEqual(await client.search({ not: { seen: true }, larger: 10 }), [1, 3, 4, 5]);
        assert.deepEqual(await client.search({ header: { "Message-ID": "number.2@" } }), [2]);
        assert.deepEqual(await client.search({ subject: "größe" }), []); // a charset, a literal
        assert.deepEqual(await client.search({ sentSince: new Date("2026-06-02") }), []);

        const copied = await client.messageCopy("1", "Archive");
        assert.deepEqual([...copied.uidMap.keys()], [uids[0]]);
        const moved = await client.messageMove({ uid: `${uids[1]}:${uids[2]}` }, "Archive");
        assert.deepEqual([...moved.uidMap.keys()], [uids[1], uids[2]]);
        assert.equal(await client.messageDelete({ uid: String(uids[3]) }), true);
        assert.equal(client.mailbox.exists, 2);
        assert.deepEqual(await client.search({ all: true }, { uid: true }), [uids[0], uids[4]]);

        await client.mailboxOpen("Archive");
        const archived = await all(client.fetch({ uid: [...moved.uidMap.values()].join(",") },
            { flags: true, envelope: true }));
        assert.deepEqual(archived.map((one) => [one.envelope.subject, plain(one.flags)]),
            [["number 2", ["$Work", "\\Seen"]], ["number 3", ["\\Flagged"]]]);
        await client.mailboxDelete("Node mail");
    },

    // RFC 8474: what a message and a mailbox keep wherever they go. RFC 7889: the biggest message.
    async object_ids_and_append_limit(client) {
        await filled(client, "Node ids", 2);
        const { mailboxId, appendlimit } = client.mailbox;
        assert.ok(mailboxId);
        assert.ok(appendlimit === undefined || appendlimit > 1_000_000);
        const ids = (await all(client.fetch("1:*", { emailId: true, threadId: true })))
            .map((one) => one.emailId);
        assert.equal(new Set(ids).size, 2);
        await client.messageMove("1", "Archive");
        await client.mailboxRename("Node ids", "Node ids moved");
        await client.mailboxOpen("Node ids moved");
        assert.equal(client.mailbox.mailboxId, mailboxId);
        assert.deepEqual(await client.search({ emailId: ids[1] }), [1]);
        await client.mailboxOpen("Archive");
        assert.equal((await client.fetchOne("*", { emailId: true })).emailId, ids[0]);
        await client.mailboxDelete("Node ids moved");
        await assert.rejects(client.append("Archive", Buffer.alloc(52_428_801, "x")),
            (fault) => /limit|TOOBIG/i.test(`${fault.message} ${fault.code} ${fault.serverResponseCode}`));
    },

    // RFC 7162. `messages` runs with CONDSTORE too, where the library enables it by itself.
    async condstore() {
        const client = await connect();
        assert.ok(client.enabled.has("CONDSTORE"));
        const uids = await filled(client, "Node modseq", 5);
        const before = client.mailbox.highestModseq;
        assert.equal(typeof before, "bigint");
        await client.messageFlagsAdd("2,4", ["\\Flagged"]);
        const changed = await all(client.fetch("1:*", { uid: true, flags: true },
            { changedSince: before }));
        assert.deepEqual(changed.map((one) => one.uid), [uids[1], uids[3]]);
        for (const one of changed) assert.ok(one.modseq > before);

        // Nobody's change is overwritten: 2 and 4 have moved on, 5 has not.
        await client.messageFlagsAdd("4:5", ["\\Seen"], { unchangedSince: before });
        const flags = (await all(client.fetch("1:*", { flags: true }))).map((one) => plain(one.flags));
        assert.deepEqual(flags, [[], ["\\Flagged"], [], ["\\Flagged"], ["\\Seen"]]);

        const now = (await client.status("Node modseq", { highestModseq: true })).highestModseq;
        assert.ok(now > before);
        const late = await all(client.fetch("1:*", { uid: true }, { changedSince: now }));
        assert.deepEqual(late, []);
        await client.mailboxDelete("Node modseq");
        await client.logout();
    },

    async qresync() {
        const [client, other] = [await connect({ qresync: true }), await connect()];
        assert.ok(client.enabled.has("QRESYNC"));
        const uids = await filled(other, "Node resync", 6);
        await client.mailboxOpen("Node resync");
        const { highestModseq, uidValidity } = client.mailbox;
        await client.mailboxOpen("INBOX");

        // While the client looks elsewhere: two go, one changes, one comes.
        await other.messageDelete({ uid: `${uids[0]},${uids[2]}` });
        await other.messageFlagsAdd({ uid: String(uids[4]) }, ["\\Answered"]);
        const added = await other.append("Node resync", mail("late"));

        const vanished = [], flagged = [];
        client.on("expunge", (one) => vanished.push([one.uid, one.vanished, one.earlier]));
        client.on("flags", (one) => flagged.push([one.uid, plain(one.flags)]));
        await client.mailboxOpen("Node resync", { changedSince: highestModseq, uidValidity });
        assert.equal(client.mailbox.qresync, true);
        assert.equal(client.mailbox.exists, 5);
        assert.deepEqual(vanished, [[uids[0], true, true], [uids[2], true, true]]);
        assert.deepEqual(flagged, [[uids[4], ["\\Answered"]], [added.uid, []]]);

        // From now on expunges come with their UIDs.
        vanished.length = 0;
        const gone = next(client, "expunge");
        const idling = client.idle();
        await other.messageDelete({ uid: String(uids[5]) });
        await gone;
        assert.deepEqual(vanished, [[uids[5], true, false]]);
        await client.noop();
        await idling;
        const changed = await all(client.fetch("1:*", { uid: true }, { uid: true, changedSince: highestModseq }));
        assert.deepEqual(changed.map((one) => one.uid), [uids[4], added.uid]);
        await other.mailboxDelete("Node resync");
        await client.logout();
        await other.logout();
    },

    // The library reads a big message in pieces of 64 KiB and decodes what it gets.
    async downloads(client) {
        const text = "0123456789 äöü\r\n".repeat(40_000);
        const octets = Buffer.from(text);
        const encoded = octets.toString("base64").replace(/.{76}/g, "$&\r\n") + "\r\n";
        await client.mailboxCreate("Node big");
        await client.append("Node big", "From: a@b.test\r\nSubject: big\r\nMIME-Version: 1.0\r\n" +
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n" +
            "--b\r\nContent-Type: text/plain\r\n\r\nshort\r\n" +
            "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n" +
            "Content-Disposition: attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.txt\r\n\r\n" +
            `${encoded}--b--\r\n`);
        await client.mailboxOpen("Node big");
        const { meta, content } = await client.download("1", "2");
        assert.equal(meta.filename, "Größe.txt");
        assert.equal(meta.contentType, "text/plain");
        const pieces = [];
        for await (const piece of content) pieces.push(piece);
        assert.ok(Buffer.concat(pieces).equals(octets));
        const whole = await client.fetchOne("1", { source: { start: 100, maxLength: 50 } });
        assert.equal(whole.source.length, 50);
        await client.mailboxDelete("Node big");
    },

    // The server's limit for this account is 64 MiB.
    async quota(client) {
        const before = await client.getQuota("INBOX");
        assert.equal(before.storage.limit, 64 * 1024 * 1024);
        await client.append("Archive", mail("big", "x".repeat(70).concat("\r\n").repeat(5000)));
        const after = await client.getQuota("INBOX");
        assert.ok(after.storage.usage >= before.storage.usage + 350 * 1024);
        assert.ok(after.storage.usage <= before.storage.usage + 352 * 1024);
    },

    // New mail, flags and expunges of another session come by themselves.
    async idle(client) {
        const other = await connect();
        const uids = await filled(other, "Node idle", 2);
        await client.mailboxOpen("Node idle");
        const idling = client.idle();
        const exists = next(client, "exists");
        await other.append("Node idle", mail("pushed"));
        const { count, prevCount } = await exists;
        assert.deepEqual([prevCount, count], [2, 3]);

        const flags = next(client, "flags", (one) => one.flags.has("\\Flagged"));
        await other.messageFlagsAdd({ uid: String(uids[1]) }, ["\\Flagged"]);
        assert.equal((await flags).seq, 2);

        const gone = next(client, "expunge");
        await other.messageDelete({ uid: String(uids[0]) });
        const told = await gone;
        assert.equal(told.seq ?? told.uid, told.seq ? 1 : uids[0]);
        // The next command ends IDLE; its answer is right for what was told.
        assert.equal((await client.search({ all: true })).length, 2);
        await idling;
        await other.mailboxDelete("Node idle");
        await other.logout();
    },

    async locks(client) {
        await filled(client, "Node locks", 3);
        const subjects = [];
        await Promise.all(["Node locks", "INBOX", "Node locks", "Archive"].map(async (path) => {
            const lock = await client.getMailboxLock(path);
            try {
                subjects.push([path, client.mailbox.exists]);
            } finally {
                lock.release();
            }
        }));
        assert.deepEqual(subjects.map(([path]) => path), ["Node locks", "INBOX", "Node locks", "Archive"]);
        assert.equal(subjects[0][1], 3);
        await client.mailboxDelete("Node locks");
    },
};

async function main() {
    const scenario = scenarios[process.argv[3]];
    assert.ok(scenario, `no scenario ${process.argv[3]}`);
    if (scenario.length === 0) return scenario(); // it connects as it needs to
    const client = await connect();
    await scenario(client);
    await client.logout();
}

main().catch((fault) => {
    console.error(fault);
    for (const entry of wire.slice(-30)) console.error(`${entry.src ?? ""}: ${entry.msg}`);
    process.exit(1);
});
