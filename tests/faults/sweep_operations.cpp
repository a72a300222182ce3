#include "storage/audit_store.hpp"
#include "storage/ban_store.hpp"
#include "storage/forward_store.hpp"
#include "storage/owner_store.hpp"
#include "storage/secret_store.hpp"
#include "storage/sender_store.hpp"
#include "storage/setting_store.hpp"
#include "storage/sign_in_store.hpp"
#include "storage/summary_maker.hpp"
#include "storage/tls_store.hpp"
#include "tests/faults/sweep_fixture.hpp"
#include "tests/support/plain_headings.hpp"

namespace hauspost::storage::test {
namespace {

answer said(error_code failed) {
    if (failed == errc::unsure) return answer::unclear;
    return failed ? answer::refused : answer::done;
}

template <class T>
answer said(const result<T>& outcome) {
    return outcome ? answer::done : said(outcome.error());
}

const std::string small = "Subject: new\r\n\r\nnew\r\n";

answer deliver(sweep_fixture& at, const std::string& body) {
    queue_item item;
    item.recipients = {{"y@else.test", "", "", 0, 1'700'000'000}};
    delivery_request request;
    request.blob = at.staged(body);
    if (!request.blob) return answer::refused;
    request.summary = "sum";
    request.local = {{ann, "Delivered-To: a\r\n"}, {bob, "Delivered-To: b\r\n"}};
    request.remote = {item};
    for (const auto step : {trace_step::received, trace_step::stored, trace_step::queued}) {
        trace_event event;
        event.step = step;
        event.id = trace_id(77);
        event.to = "y@else.test";
        request.trace.push_back(event);
    }
    return said(at.get(at.store->delivery.deliver(std::move(request))));
}

answer note_step(sweep_fixture& at) {
    trace_event event;
    event.step = trace_step::refused;
    event.to = "nobody@example.test";
    at.store->trace.note(event);
    (void)at.get(at.store->trace.find(trace_query()));  // which has it written
    return answer::unclear;
}

answer append(sweep_fixture& at, const std::string& body) {
    auto request = at.request(ann_inbox, body);
    if (!request.blob) return answer::refused;
    request.flags = {mail::flags::seen, {"$New"}};
    return said(at.get(at.store->mailboxes.append(std::move(request))));
}

/// As an APPEND of several does: all but the last wait in their places.
answer append_all(sweep_fixture& at, std::optional<replaced_message> replaced) {
    std::vector<append_request> requests;
    for (const std::size_t octets : {70'000, 900, 70'001, 901}) {
        requests.push_back(at.request(ann_inbox, body_text(octets, octets)));
        const auto& blob = requests.back().blob;
        if (!blob || (octets != 901 && at.get(blob->lay_down()))) return answer::refused;
    }
    return said(at.get(at.store->mailboxes.append_all(std::move(requests), replaced)));
}

answer change_flags(sweep_fixture& at, std::vector<std::string> keywords) {
    store_request request;
    request.mailbox = ann_inbox;
    request.uids = everything();
    request.change = mail::change::add;
    request.flags = {mail::flags::flagged, std::move(keywords)};
    return said(at.get(at.store->mailboxes.store_flags(std::move(request))));
}

web_session session_of(const std::string& id) {
    web_session made;
    made.key = sha256(id);
    made.made_at = made.seen_at = 1'700'000'000;
    made.address = "192.0.2.1";
    return made;
}

answer set_owner_password(sweep_fixture& at) {
    auto row = at.get(at.store->owner.find_owner());
    row.password_hash = "another";
    return said(at.get(at.store->owner.change_owner(std::move(row), session_of("next"))));
}

answer sign_in(sweep_fixture& at) {
    owner_proof proof;
    proof.password_hash = "hash";
    proof.totp_step = 8;
    return said(at.get(at.store->owner.sign_in(std::move(proof), session_of("new"), {})));
}

answer begin_entry(sweep_fixture& at) {
    audit_entry entry;
    entry.command = "account remove";
    entry.subject = "c@example.test";
    return said(at.get(at.store->audit.begin(std::move(entry))));
}

answer end_entry(sweep_fixture& at) {
    const auto page = at.get(at.store->audit.list(audit_query()));
    if (!page) return answer::refused;
    auto entry = page->entries.front();
    entry.end = audit_end::done;
    entry.after = R"({"active":true})";
    return said(at.get(at.store->audit.complete(std::move(entry))));
}

ban ban_of(ban_kind of, const std::string& network) {
    ban row;
    row.name = {of, network, ""};
    row.begun_at = 1'700'000'000;
    row.ends_at = 1'900'000'000;
    return row;
}

/// They go with whatever is written next.
answer note_bans(sweep_fixture& at) {
    at.store->bans.note(ban_of(ban_kind::network, "192.0.2.2"));
    at.store->bans.note_end(old_ban);
    (void)at.get(at.store->bans.remove({}));
    return answer::unclear;
}

answer note_sign_in(sweep_fixture& at) {
    storage::sign_in seen;
    seen.account = bob;
    seen.door = trace_door::imap;
    seen.address = seen.network = "192.0.2.9";
    at.store->sign_ins.note(seen);
    (void)at.get(at.store->bans.remove({}));
    return answer::unclear;
}

answer add_account(sweep_fixture& at) {
    account wanted;
    wanted.name = "d@example.test";
    return said(at.get(at.store->directory.add_account(wanted)));
}

answer change_account(sweep_fixture& at) {
    account_change change;
    change.password_hash = "another";
    change.quota_octets = 1'000'000;
    change.note = "changed";
    return said(at.get(at.store->directory.change_account(ann, change)));
}

answer add_alias(sweep_fixture& at) {
    alias wanted;
    wanted.name = "new@example.test";
    wanted.targets = {"x@else.test"};
    return said(at.get(at.store->directory.add_alias(wanted)));
}

answer remove_alias(sweep_fixture& at) {
    const auto seen = at.get(at.store->directory.list_aliases("", 1)).at(0);
    return said(at.get(at.store->directory.remove_alias(seen)));
}

answer add_domain(sweep_fixture& at) {
    domain wanted;
    wanted.name = "new.test";
    wanted.catch_all = "a@example.test";
    return said(at.get(at.store->directory.add_domain(wanted)));
}

answer set_catch_all(sweep_fixture& at) {
    const auto seen = *at.get(at.store->directory.find_domain("empty.test"));
    return said(at.get(at.store->directory.set_catch_all(seen, "a@example.test")));
}

answer claim_one(sweep_fixture& at) {
    claim_request wanted;
    wanted.now = 1'800'000'000;
    wanted.lease_until = wanted.now + 60;
    return said(at.get(at.store->queue.claim(wanted)));
}

/// What the fixture has claimed.
queue_claim claimed(sweep_fixture& at) {
    queue_claim held;
    auto item = at.get(at.store->queue.find(queue_id(2)));
    if (!item) return held;
    held.lease = item->recipients.front().lease;
    held.domain = "two.test";
    held.items.push_back(std::move(*item));
    return held;
}

/// To Bob here: the message that waits is done with it.
answer deliver_claimed(sweep_fixture& at) {
    const auto held = claimed(at);
    delivery_request request;
    request.blob = at.staged(small);
    if (!request.blob) return answer::refused;
    request.summary = "sum";
    request.local = {{bob, "Delivered-To: b\r\n"}};
    request.settles.lease = held.lease;
    request.settles.outcomes.resize(1);
    request.settles.outcomes[0].id = queue_id(2);
    request.settles.outcomes[0].trace = trace_step::delivered;
    return said(at.get(at.store->delivery.deliver(std::move(request))));
}

/// Counted, and filed in her Sent.
answer submit(sweep_fixture& at) {
    queue_item item;
    item.sender = ann;
    item.recipients = {{"y@else.test", "", "", 0, 1'700'000'000}};
    delivery_request request;
    request.blob = at.staged(small);
    if (!request.blob) return answer::refused;
    request.summary = "sum";
    request.remote = {item};
    request.sent = sent_by(ann, "y@else.test");
    request.copy_in_sent = sent_copy{ann, ""};
    request.message_id = "<new@example.test>";
    return said(at.get(at.store->delivery.deliver(std::move(request))));
}

answer note_unknown(sweep_fixture& at) {
    unknown_recipients noted;
    noted.account = ann;
    noted.count = 3;
    return said(at.get(at.store->senders.note_unknown(noted)));
}

answer renew_claim(sweep_fixture& at) {
    auto held = claimed(at);
    return said(at.get(at.store->queue.renew(std::move(held), 1'950'000'000)));
}

answer settle_claim(sweep_fixture& at, queue_outcome::end what) {
    const auto held = claimed(at);
    queue_settlement done;
    done.lease = held.lease;
    done.domain = held.domain;
    done.not_before = 1'800'000'900;
    queue_outcome outcome;
    outcome.id = queue_id(2);
    outcome.what = what;
    outcome.state = queue_state::owes_failed;
    outcome.due_at = 1'800'000'300;
    outcome.reply = "451 later";
    outcome.trace = trace_step::postponed;
    done.outcomes = {outcome};
    return said(at.get(at.store->queue.settle(done)));
}

class new_summaries final : public summary_maker {
public:
    [[nodiscard]] std::uint32_t version() const override { return 7; }
    [[nodiscard]] message_summary make(std::string_view octets) const override {
        return {"anew " + std::to_string(octets.size()) + std::string(3'000, 's'), 0};
    }
};

answer renew_summaries(sweep_fixture& at) {
    at.store->keeper.renew_summaries(new_summaries());
    return answer::unclear;
}

/// The clock goes back at the end: what was sent counts by the hour in which somebody looks.
class later {
public:
    later(sweep_fixture& at, std::int64_t seconds) : at_(at), seconds_(seconds) {
        at_.time.seconds += seconds_;
    }
    ~later() { at_.time.seconds -= seconds_; }
    later(const later&) = delete;
    later& operator=(const later&) = delete;

private:
    sweep_fixture& at_;
    const std::int64_t seconds_;
};

/// Purges what has expired; then a segment is sparse, its bodies are copied, the file goes.
answer tidy(sweep_fixture& at) {
    const later then(at, 3 * 86'400);
    at.store->keeper.tidy();
    at.store->keeper.tidy();
    return answer::unclear;
}

void make_old(sweep_fixture& at) {
    (void)at.get(at.store->mailboxes.create(ann, "Old", mail::special_use::none));
}

result<mail_returned> bring_back(sweep_fixture& at, const std::string& mailbox) {
    const hauspost::test::plain_headings headings;
    restore_request request;
    request.address = "a@example.test";
    request.mailbox = mailbox;
    return at.get(at.store->expunged.bring_back(std::move(request), headings));
}

void restore_before(sweep_fixture& at) {
    (void)bring_back(at, "Restored");
}

/// The messages go, and the mailbox that was made for them.
answer take_restore_back(sweep_fixture& at) {
    const auto back = bring_back(at, "Restored");
    if (!back) return said(back);
    restore_undo what;
    what.address = "a@example.test";
    what.mailboxes = back->mailboxes;
    what.since = back->since;
    what.until = back->until;
    return said(at.get(at.store->expunged.undo(std::move(what))));
}

}  // namespace

const std::vector<operation>& mail_operations() {
    static const std::string medium = body_text(70, 70'000);
    static const std::string large = body_text(80, (8u << 20) + 1);
    static const std::vector<operation> all{
        {"deliver to two and the queue", [](auto& at) { return deliver(at, small); }},
        {"deliver a larger one", [](auto& at) { return deliver(at, medium); }},
        {"deliver what somebody sends", submit},
        {"deliver out of the queue", deliver_claimed},
        {"append", [](auto& at) { return append(at, small); }},
        {"append a larger one", [](auto& at) { return append(at, medium); }},
        {"append one with a file of its own", [](auto& at) { return append(at, large); }},
        {"append several", [](auto& at) { return append_all(at, std::nullopt); }},
        {"replace",
         [](auto& at) {
             return append_all(at, replaced_message{ann_inbox, uid(5)});
         }},
        {"copy",
         [](auto& at) {
             return said(
                 at.get(at.store->mailboxes.copy(ann_inbox, everything(), mailbox_id(3), false)));
         }},
        {"move to somebody else",
         [](auto& at) {
             return said(at.get(at.store->mailboxes.transfer(ann_inbox, only(3, 5), bob_inbox, true,
                                                             mail::flag_mask())));
         }},
        {"store flags", [](auto& at) { return change_flags(at, {}); }},
        {"store keywords",
         [](auto& at) {
             return change_flags(at, {"$A", "$B"});
         }},
        {"expunge",
         [](auto& at) {
             return said(at.get(at.store->mailboxes.expunge(
                 ann_inbox, everything(),
                 trace_actor(trace_door::imap, "a@example.test", "Mutt"))));
         }},
        {"remove messages",
         [](auto& at) {
             return said(at.get(at.store->mailboxes.remove_messages(ann_inbox, only(3, 4))));
         }},
    };
    return all;
}

const std::vector<operation>& mailbox_operations() {
    static const std::vector<operation> all{
        {"create a mailbox and those above it",
         [](auto& at) {
             return said(
                 at.get(at.store->mailboxes.create(ann, "Work/New/Deep", mail::special_use::none)));
         }},
        {"remove a mailbox",
         [](auto& at) { return said(at.get(at.store->mailboxes.remove(ann, "Gone"))); }, true},
        {"remove a mailbox with children",
         [](auto& at) { return said(at.get(at.store->mailboxes.remove(ann, "Work"))); }, true},
        {"rename a tree",
         [](auto& at) {
             return said(at.get(at.store->mailboxes.rename(ann, "Work", "Else/Where")));
         }},
        {"rename INBOX",
         [](auto& at) { return said(at.get(at.store->mailboxes.rename(ann, "INBOX", "Old"))); },
         false, false, make_old},
        {"subscribe",
         [](auto& at) {
             return said(at.get(at.store->mailboxes.set_subscribed(ann, "News", true)));
         }},
        {"unsubscribe",
         [](auto& at) {
             return said(at.get(at.store->mailboxes.set_subscribed(ann, "Work", false)));
         }},
        {"annotate",
         [](auto& at) {
             std::vector<annotation_change> changes{{"/private/comment", std::nullopt},
                                                    {"/shared/long", std::string(4'000, 'x')}};
             return said(at.get(at.store->annotations.annotate(ann_inbox, std::move(changes))));
         }},
        {"grant rights",
         [](auto& at) {
             return said(at.get(
                 at.store->sharing.change_rights(ann_inbox, "anyone", mail::change::add, 0x7)));
         }},
        {"claim recent messages",
         [](auto& at) { return said(at.get(at.store->mailboxes.claim_recent(ann_inbox))); }},
    };
    return all;
}

const std::vector<operation>& directory_operations() {
    static const std::vector<operation> all{
        {"add an account", add_account},
        {"change an account", change_account},
        {"renew a password hash",
         [](auto& at) {
             return said(at.get(at.store->directory.renew_password_hash(ann, "hash", "dearer")));
         }},
        {"remove an account",
         [](auto& at) { return said(at.get(at.store->directory.remove_account(carl))); }, true},
        {"add an alias", add_alias},
        {"remove an alias", remove_alias},
        {"take a target from an alias",
         [](auto& at) {
             return said(at.get(
                 at.store->directory.remove_targets("all@example.test", {"b@example.test"})));
         }},
        {"switch an alias off",
         [](auto& at) {
             return said(at.get(at.store->directory.enable_alias("all@example.test", false)));
         }},
        {"rename an account",
         [](auto& at) {
             return said(at.get(
                 at.store->directory.rename_account("a@example.test", "anna@example.test", true)));
         }},
        {"add a domain", add_domain},
        {"set a catch-all", set_catch_all},
        {"remove a domain",
         [](auto& at) { return said(at.get(at.store->directory.remove_domain("empty.test"))); }},
    };
    return all;
}

const std::vector<operation>& queue_operations() {
    static const std::vector<operation> all{
        {"claim of the queue", claim_one},
        {"renew a claim", renew_claim},
        {"settle a claim: done",
         [](auto& at) { return settle_claim(at, queue_outcome::end::done); }},
        {"settle a claim: again",
         [](auto& at) { return settle_claim(at, queue_outcome::end::again); }},
        {"settle a claim: to be told",
         [](auto& at) { return settle_claim(at, queue_outcome::end::report); }},
        {"retry a queue item",
         [](auto& at) { return said(at.get(at.store->queue.retry(queue_id(1), 1'800'000'000))); }},
        {"hold a queue item",
         [](auto& at) { return said(at.get(at.store->queue.hold(queue_id(1), true))); }},
        {"remove a queue item",
         [](auto& at) { return said(at.get(at.store->queue.remove(queue_id(1)))); }},
    };
    return all;
}

const std::vector<operation>& sending_operations() {
    static const std::vector<operation> all{
        {"note unknown recipients", note_unknown},
        {"freeze a sender",
         [](auto& at) {
             return said(at.get(at.store->senders.freeze(ann, freeze_reason::by_operator)));
         }},
        {"unfreeze a sender",
         [](auto& at) { return said(at.get(at.store->senders.unfreeze(bob))); }},
        {"note that the owner knows",
         [](auto& at) { return said(at.get(at.store->senders.note_told(bob))); }},
        {"note a refusal of a forward",
         [](auto& at) {
             return said(at.get(at.store->forwards.note_refusal({out_way.by, "late@else.test"},
                                                                "550 nobody", 1'700'007'200, 0)));
         }},
        {"note a delivery of a forward",
         [](auto& at) { return said(at.get(at.store->forwards.note_delivery(out_way))); }},
        {"suspend a forward",
         [](auto& at) { return said(at.get(at.store->forwards.suspend(out_way, 1'700'007'200))); }},
        {"resume a forward",
         [](auto& at) { return said(at.get(at.store->forwards.resume(out_way))); }},
        {"put a secret",
         [](auto& at) { return said(at.get(at.store->secrets.put("new", secret("a key"), 0))); }},
        {"remove a secret", [](auto& at) { return said(at.get(at.store->secrets.remove("old"))); }},
        {"keep a policy",
         [](auto& at) {
             kept_policy row;
             row.domain = row.id = row.text = "new";
             return said(at.get(at.store->tls.keep_policy(row)));
         }},
        {"count sessions",
         [](auto& at) { return said(at.get(at.store->tls.count({sessions_of("new.test")}))); }},
        {"take counts of sessions",
         [](auto& at) {
             tls_day old;
             old.day = 7;
             old.domain = "old.test";
             return said(at.get(at.store->tls.take_results(old)));
         }},
    };
    return all;
}

const std::vector<operation>& owner_operations() {
    static const std::vector<operation> all{
        {"set the owner's password", set_owner_password},
        {"sign in", sign_in},
        {"renew the owner's hash",
         [](auto& at) {
             return said(at.get(at.store->owner.renew_password_hash("hash", "dearer")));
         }},
        {"see a session",
         [](auto& at) {
             return said(at.get(at.store->owner.note_seen(sha256("old"), 1'800'000'000)));
         }},
        {"end a session",
         [](auto& at) { return said(at.get(at.store->owner.end_session(sha256("old")))); }},
        {"reset the owner",
         [](auto& at) {
             const setup_link fresh{sha256("link"), 1'700'000'000, 1'800'000'000};
             return said(at.get(at.store->owner.reset_owner(fresh)));
         }},
        {"note bans", note_bans, false, true},
        {"note a sign-in", note_sign_in, false, true},
        {"ban a network",
         [](auto& at) {
             return said(at.get(at.store->bans.put(ban_of(ban_kind::ordered, "192.0.2.3"))));
         }},
        {"lift a ban", [](auto& at) { return said(at.get(at.store->bans.remove({old_ban}))); }},
        {"set a setting",
         [](auto& at) { return said(at.get(at.store->settings.put("a.days", "9d", 0))); }},
        {"begin an entry of the audit log", begin_entry},
        {"end an entry of the audit log", end_entry},
    };
    return all;
}

const std::vector<operation>& upkeep_operations() {
    static const std::vector<operation> all{
        {"renew summaries", renew_summaries, false, true},
        {"purge expunged mail",
         [](auto& at) { return said(at.get(at.store->expunged.purge("a@example.test"))); }},
        {"restore expunged mail",
         [](auto& at) {
             return said(at.get(
                 at.store->expunged.restore("a@example.test", std::chrono::seconds(86'400))));
         }},
        {"bring mail back to a new mailbox",
         [](auto& at) { return said(bring_back(at, "Restored/Today")); }},
        {"bring mail back to where it was", [](auto& at) { return said(bring_back(at, "")); }},
        {"take a restore back", take_restore_back, true, false, restore_before},
        {"note a step of the trace", note_step},
        {"a round of the janitor", tidy, false, true},
    };
    return all;
}

}  // namespace hauspost::storage::test
