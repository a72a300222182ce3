#include "tests/faults/sweep_fixture.hpp"

#include "storage/audit_store.hpp"
#include "storage/ban_store.hpp"
#include "storage/forward_store.hpp"
#include "storage/owner_store.hpp"
#include "storage/secret_store.hpp"
#include "storage/sender_store.hpp"
#include "storage/sign_in_store.hpp"
#include "storage/tls_store.hpp"

#include <doctest/doctest.h>

namespace hauspost::storage::test {
namespace {

constexpr std::int64_t begun_at = 1'700'000'000;

void require(error_code failed) {
    REQUIRE_FALSE(failed);
}

void append(sweep_fixture& at,
            mailbox_key box,
            const std::string& body,
            std::uint32_t system = 0,
            std::vector<std::string> keywords = {}) {
    auto wanted = at.request(box, body);
    wanted.flags = {system, std::move(keywords)};
    wanted.prefix = "Return-Path: <x@else.test>\r\n";
    REQUIRE(at.get(at.store->mailboxes.append(std::move(wanted))).has_value());
}

void make_accounts(sweep_fixture& at) {
    for (const std::string name : {"example.test", "empty.test"}) {
        domain wanted;
        wanted.name = name;
        require(at.get(at.store->directory.add_domain(wanted)));
    }
    for (const std::string name : {"a", "b", "c"}) {
        account wanted;
        wanted.name = name + "@example.test";
        wanted.password_hash = "hash";
        REQUIRE(at.get(at.store->directory.add_account(wanted)).has_value());
    }
    alias all;
    all.name = "all@example.test";
    all.targets = {"a@example.test", "b@example.test"};
    require(at.get(at.store->directory.add_alias(all)));
    alias out;
    out.name = out_way.by;
    out.targets = {out_way.target, "late@else.test"};
    require(at.get(at.store->directory.add_alias(out)));
    require(at.get(at.store->secrets.put("old", secret("a key"), 0)));
    require(at.get(at.store->tls.count({sessions_of("old.test")})));
}

/// With a second factor, and somebody before his page.
void make_owner(sweep_fixture& at) {
    owner row;
    row.password_hash = "hash";
    row.totp_key = secret("a key");
    row.is_totp_on = true;
    row.totp_step = 6;
    require(at.get(at.store->owner.change_owner(row, std::nullopt)));
    owner_proof proof;
    proof.password_hash = "hash";
    proof.totp_step = 7;
    web_session old;
    old.key = sha256("old");
    old.made_at = old.seen_at = begun_at;
    REQUIRE(at.get(at.store->owner.sign_in(proof, old, {})).value() == sign_in_end::opened);
    audit_entry entry;
    entry.command = "account add";
    REQUIRE(at.get(at.store->audit.begin(entry)).has_value());
}

/// A network, and Ann and Carl as others try them.
void make_bans(sweep_fixture& at) {
    for (const auto& name : {old_ban, ban_name(ban_kind::account, "", "a@example.test"),
                             ban_name(ban_kind::pair, "192.0.2.1", "c@example.test")}) {
        ban row;
        row.name = name;
        row.begun_at = begun_at;
        row.ends_at = begun_at + 10 * 86'400;
        require(at.get(at.store->bans.put(row)));
    }
}

/// Of Carl, who may be removed.
void make_sign_ins(sweep_fixture& at) {
    sign_in seen;
    seen.account = carl;
    seen.door = trace_door::pop3;
    seen.address = seen.network = "192.0.2.1";
    at.store->sign_ins.note(seen);
}

/// Two large messages that have gone, so that their segment is sparse once they are purged.
void fill_inbox(sweep_fixture& at) {
    append(at, ann_inbox, body_text(1, 130'000));
    append(at, ann_inbox, body_text(2, 130'000));
    append(at, ann_inbox, "Subject: three\r\n\r\n3\r\n", mail::flags::seen, {"$K"});
    append(at, ann_inbox, "Subject: four\r\n\r\n4\r\n", mail::flags::deleted);
    append(at, ann_inbox, body_text(5, 70'000), mail::flags::deleted | mail::flags::seen);
    append(at, ann_inbox, "Subject: six\r\n\r\n6\r\n");
    REQUIRE(at.get(at.store->mailboxes.remove_messages(ann_inbox, only(1, 2))).has_value());
    append(at, bob_inbox, "Subject: of Bob\r\n\r\nb\r\n");
    append(at, bob_inbox, "Subject: of Bob, too\r\n\r\nb\r\n");
    append(at, {carl, mailbox_id(1)}, "Subject: of Carl\r\n\r\nc\r\n");
}

void make_mailboxes(sweep_fixture& at) {
    for (const std::string name : {"Work", "Work/Sub", "Gone"}) {
        const auto made = at.get(at.store->mailboxes.create(ann, name, mail::special_use::none));
        REQUIRE(made.has_value());
        append(at, {ann, *made}, "Subject: in " + name + "\r\n\r\nx\r\n");
        require(at.get(at.store->annotations.annotate({ann, *made}, {{"/private/comment", name}})));
        require(at.get(
            at.store->sharing.change_rights({ann, *made}, "c@example.test", mail::change::set, 3)));
        require(at.get(at.store->mailboxes.set_subscribed(ann, name, true)));
    }
    require(at.get(at.store->annotations.annotate({carl, mailbox_id()}, {{"/private/x", "y"}})));
}

void make_queue(sweep_fixture& at) {
    queue_item item;
    item.recipients = {{"x@else.test", "rfc822;x@else.test", "NEVER", 0, begun_at + 60}};
    item.prefix = "Return-Path: <a@example.test>\r\n";
    item.created_at = begun_at;
    delivery_request request;
    request.blob = at.staged("Subject: out\r\n\r\nout\r\n");
    request.summary = "sum";
    request.remote = {item};
    // The second one is under somebody's lease.
    item.recipients = {{"y@two.test", "", "", 0, begun_at}};
    request.remote.push_back(item);
    require(at.get(at.store->delivery.deliver(std::move(request))));
    claim_request wanted;
    wanted.now = begun_at;
    wanted.lease_until = 1'900'000'000;
    const auto found = at.get(at.store->queue.claim(wanted));
    REQUIRE(found.has_value());
    REQUIRE(found->claims.size() == 1);
}

/// Bob has sent something that waits, and may not send now; a target of ours is refused.
void make_senders(sweep_fixture& at) {
    queue_item item;
    item.sender = bob;
    item.recipients = {{"z@three.test", "", "", 0, begun_at + 120}};
    delivery_request request;
    request.blob = at.staged("Subject: of Bob\r\n\r\nwaits\r\n");
    request.summary = "sum";
    request.remote = {item};
    request.sent = sent_by(bob, "z@three.test");
    require(at.get(at.store->delivery.deliver(std::move(request))));
    require(at.get(at.store->senders.freeze(bob, freeze_reason::unknown_recipients)));
    REQUIRE(
        at.get(at.store->forwards.note_refusal(out_way, "550 nobody", begun_at, 0)).has_value());
}

const sweep_fixture& made_once() {
    static const auto made = [] {
        auto at = std::make_unique<sweep_fixture>(std::filesystem::path());
        at->open();
        make_accounts(*at);
        make_mailboxes(*at);
        fill_inbox(*at);
        make_queue(*at);
        make_owner(*at);
        make_bans(*at);
        make_sign_ins(*at);
        make_senders(*at);
        REQUIRE(at->store->keeper.check().findings.empty());
        at->close();
        return at;
    }();
    return *made;
}

}  // namespace

sweep_fixture::sweep_fixture() : sweep_fixture(made_once()) {}

sweep_fixture::sweep_fixture(const sweep_fixture& other) : sweep_fixture(other.options.data_dir) {}

sweep_fixture::sweep_fixture(const std::filesystem::path& data)
    : options(small_store(dir / "data", time)) {
    options.segment_octets = 300'000;
    options.notices_copies = false;
    options.retention = std::chrono::hours(24);
    if (!data.empty())
        std::filesystem::copy(data, options.data_dir, std::filesystem::copy_options::recursive);
}

void sweep_fixture::open() {
    time.seconds = begun_at;
    store.reset();
    store = lmdb::open_store(options);
}

std::shared_ptr<staged_blob> sweep_fixture::staged(const std::string& body) {
    std::shared_ptr<staged_blob> blob = store->blobs.stage();
    if (get(blob->write(body)) || get(blob->finish())) return nullptr;
    return blob;
}

append_request sweep_fixture::request(mailbox_key box, const std::string& body) {
    append_request wanted;
    wanted.mailbox = box;
    wanted.blob = staged(body);
    wanted.summary = "sum";
    wanted.internal_date = {begun_at, 60};
    return wanted;
}

}  // namespace hauspost::storage::test
