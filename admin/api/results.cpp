#include "admin/api/results.hpp"

#include "admin/api/way_words.hpp"
#include "base/address.hpp"
#include "base/utf8.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace hauspost::admin::api {
namespace {

template <class T>
json::object one_field(const char* key, const T& value) {
    json::object object;
    object[key] = value;
    return object;
}

json::array texts_json(const std::vector<std::string>& texts) {
    return json::array(texts.begin(), texts.end());
}

std::vector<std::string> words_of(const std::vector<reference>& all) {
    std::vector<std::string> words;
    for (const auto& one : all)
        words.push_back(api::words_of(one));
    return words;
}

/// With what still sends mail there, and what becomes of it.
void add_references(json::object& done,
                    const closed_name& of,
                    const std::string& where,
                    const char* what) {
    if (!of.reached_from.empty())
        done["warning"] = "Mail still goes on to " + where + address::shown(of.name) +
                          " from: " + listed(words_of(of.reached_from)) + ". " + what;
}

json::object entry_json(const listed_account& entry) {
    const auto& one = entry.account;
    json::object object;
    object["address"] = one.name;
    object["display"] = address::shown(one.name);
    object["display_name"] = one.display_name;
    object["active"] = one.active;
    object["has_password"] = !one.password_hash.empty();
    object["quota_octets"] = one.quota_octets;
    object["octets"] = entry.used.octets;
    object["messages"] = entry.used.messages;
    object["forwards"] = texts_json(one.forwards);
    object["keep_copy"] = one.keep_copy;
    object["files_sent"] = one.files_sent;
    object["note"] = one.note;
    object["created_at"] = one.created_at;
    object["last_sign_in_at"] = entry.last ? entry.last->at : 0;
    object["last_program"] = entry.last ? entry.last->seen.program : std::string();
    return object;
}

const char* protocol_of(storage::trace_door door) {
    switch (door) {
    case storage::trace_door::imap: return "imap";
    case storage::trace_door::pop3: return "pop3";
    default: return "submission";
    }
}

json::object sign_in_json(const storage::last_sign_in& last) {
    json::object object;
    object["protocol"] = protocol_of(last.seen.door);
    object["at"] = last.at;
    object["address"] = last.seen.address;
    object["encrypted"] = last.seen.is_encrypted;
    object["program"] = last.seen.program;
    return object;
}

template <class T, class Convert>
json::object list_json(const char* key, const page<T>& list, Convert convert) {
    json::array entries;
    for (const auto& one : list.entries)
        entries.push_back(convert(one));
    json::object done;
    done[key] = std::move(entries);
    if (!list.next.empty()) done["next"] = list.next;
    return done;
}

std::string_view words_of(storage::freeze_reason why) {
    switch (why) {
    case storage::freeze_reason::by_operator: break;
    case storage::freeze_reason::unknown_recipients:
        return "too many of the recipients that it wrote to for the first time do not exist";
    }
    return "an administrator did it";
}

void add_sending(json::object& object, const storage::sender_state& state) {
    object["sending"] = state.frozen ? "frozen" : "on";
    if (state.frozen) {
        object["frozen_at"] = state.frozen->since;
        object["frozen_because"] = words_of(state.frozen->reason);
    }
    const auto day = storage::sum_of(state.hours);
    object["sent_messages"] = day.messages;
    object["sent_recipients"] = day.recipients;
    object["sent_to_new"] = day.new_recipients;
    object["sent_to_unknown"] = day.unknown_recipients;
}

void add_warning(json::object& done, const std::string& text) {
    if (!text.empty()) done["warning"] = text;
}

std::string joined(const std::string& one, const std::string& other) {
    return one + (one.empty() || other.empty() ? "" : " ") + other;
}

const char* word_of(checked_record::state how) {
    switch (how) {
    case checked_record::state::right: return "right";
    case checked_record::state::missing: return "missing";
    case checked_record::state::other: return "other";
    case checked_record::state::optional: return "optional";
    case checked_record::state::unknown: break;
    }
    return "unknown";
}

const char* word_of(test_step::verdict how) {
    switch (how) {
    case test_step::verdict::good: return "good";
    case test_step::verdict::note: return "note";
    case test_step::verdict::bad: break;
    }
    return "bad";
}

/// A name, or what was typed: cut, since a page shows it.
json::string shown_subject(const std::string& text) {
    constexpr std::size_t most = 320;
    return json::string(address::shown(utf8::truncated(text, most)));
}

}  // namespace

json::object facts_json(const refusal& why) {
    json::object facts;
    if (!why.subject.empty()) facts["subject"] = shown_subject(why.subject);
    if (!why.other.empty()) facts["other"] = shown_subject(why.other);
    if (why.number != 0 || tells_number(why.code)) facts["number"] = why.number;
    if (why.password_faults.empty()) return facts;
    json::array faults;
    for (const auto fault : why.password_faults)
        faults.emplace_back(name_of(fault));
    facts["password_faults"] = std::move(faults);
    facts["min_characters"] = why.rules.min_characters;
    facts["max_characters"] = why.rules.max_characters;
    return facts;
}

json::object address_json(const std::string& address, const places&) {
    return one_field("address", address);
}

json::object domain_json(const std::string& name, const places&) {
    return one_field("name", name);
}

json::object id_json(const std::uint64_t& id, const places&) {
    return one_field("id", id);
}

json::object login_json(const made_login& made, const places&) {
    auto done = one_field("address", made.address);
    if (!made.generated.empty()) done["password"] = json::string_view(made.generated.reveal());
    if (made.is_catchall) done["warning"] = catchall_warning(made.address);
    return done;
}

json::object removed_json(const closed_name& gone, const places&) {
    auto done = one_field("address", gone.name);
    add_references(done, gone, "", "What has no other target is refused from now on.");
    return done;
}

json::object switched_json(const closed_name& off, const places&) {
    auto done = one_field("address", off.name);
    add_references(done, off, "", "It gets none of it, and what has no other target is refused.");
    return done;
}

json::object removed_domain_json(const closed_name& gone, const places&) {
    auto done = one_field("name", gone.name);
    add_references(done, gone, "addresses of ",
                   "They count as addresses of another server from now on.");
    return done;
}

json::object renamed_json(const renamed_account& renamed, const places&) {
    auto done = one_field("address", renamed.address);
    done["old_address"] = renamed.old_address;
    done["kept_as_alias"] = renamed.kept_as_alias;
    done["changed_targets"] = renamed.changed_targets;
    if (renamed.is_catchall) done["warning"] = catchall_warning(renamed.address);
    return done;
}

json::object purged_json(const purged_mail& purged, const places&) {
    auto done = one_field("address", purged.address);
    done["messages"] = purged.messages;
    return done;
}

json::object restored_json(const mail_brought_back& back, const places&) {
    auto done = one_field("address", back.address);
    done["messages"] = back.mail.messages;
    done["left_over_quota"] = back.mail.left_over_quota;
    return done;
}

json::object unfrozen_json(const unfrozen_account& done, const places&) {
    auto object = one_field("address", done.address);
    object["released"] = done.released;
    return object;
}

json::object account_json(const shown_account& shown, const places&) {
    auto object = entry_json(shown.account);
    object["reached_from"] = texts_json(words_of(shown.reached_from));
    add_sending(object, shown.sending);
    if (!shown.suspended.empty()) object["suspended"] = texts_json(shown.suspended);
    json::array sign_ins;
    for (const auto& one : shown.sign_ins)
        sign_ins.push_back(sign_in_json(one));
    object["sign_ins"] = std::move(sign_ins);
    return object;
}

json::object accounts_json(const page<listed_account>& list, const places&) {
    return list_json("accounts", list, entry_json);
}

json::object led_on_json(const led_on& done, const places& named) {
    auto object = one_field("address", done.address);
    const auto more = done.is_catchall ? catchall_warning(done.address) : std::string();
    add_warning(object, joined(warning_of(done.doubts, named), more));
    return object;
}

json::object forwards_json(const page<storage::account>& list, const places&) {
    return list_json("forwards", list, [](const storage::account& one) {
        auto object = one_field("address", one.name);
        object["display"] = address::shown(one.name);
        object["forwards"] = texts_json(one.forwards);
        object["keep_copy"] = one.keep_copy;
        return object;
    });
}

json::object suspended_json(const page<storage::forward_state>& list, const places&) {
    return list_json("suspended", list, [](const storage::forward_state& one) {
        auto object = one_field("address", one.way.by);
        object["display"] = address::shown(one.way.by);
        object["target"] = one.way.target;
        object["refusals"] = one.refusals;
        object["since"] = one.since;
        object["suspended_at"] = one.suspended_at;
        object["last_reply"] = one.reply;
        return object;
    });
}

json::object aliases_json(const page<listed_alias>& list, const places&) {
    return list_json("aliases", list, [](const listed_alias& entry) {
        const auto& one = entry.alias;
        auto object = one_field("address", one.name);
        object["display"] = address::shown(one.name);
        object["targets"] = texts_json(one.targets);
        object["enabled"] = one.enabled;
        if (!entry.suspended.empty()) object["suspended"] = texts_json(entry.suspended);
        return object;
    });
}

json::object domains_json(const page<storage::domain>& list, const places&) {
    return list_json("domains", list, [](const storage::domain& one) {
        auto object = one_field("name", one.name);
        object["display"] = address::shown(one.name);
        object["catch_all"] = one.catch_all;
        object["created_at"] = one.created_at;
        return object;
    });
}

json::object made_domain_json(const made_domain& made, const places& named) {
    auto object = one_field("name", made.name);
    if (made.lacks_keys)
        object["warning"] =
            "The keys that sign its mail could not be made: " + std::string(named.domain_dns) +
            " tries again.";
    return object;
}

json::object records_json(const domain_records& all, const places&) {
    json::array records;
    for (const auto& one : all.records) {
        auto record = one_field("name", one.name);
        record["type"] = one.type;
        record["value"] = one.value;
        if (!one.note.empty()) record["note"] = one.note;
        records.push_back(std::move(record));
    }
    auto object = one_field("name", all.domain);
    object["records"] = std::move(records);
    if (all.is_relayed)
        object["warning"] =
            "Its mail leaves by another server (delivery.relay or delivery.relay_of): the SPF "
            "record "
            "has to name it as well, as whoever runs it says.";
    return object;
}

json::object checked_json(const checked_domain& done, const places&) {
    json::array records;
    for (const auto& one : done.records) {
        auto record = one_field("name", one.wanted.name);
        record["type"] = one.wanted.type;
        record["value"] = one.wanted.value;
        record["state"] = word_of(one.how);
        if (one.how == checked_record::state::other)
            record["found"] = json::array(one.found.begin(), one.found.end());
        if (!one.advice.empty()) record["advice"] = one.advice;
        if (!one.wanted.note.empty()) record["note"] = one.wanted.note;
        records.push_back(std::move(record));
    }
    auto object = one_field("name", done.domain);
    object["good"] = done.is_good;
    object["signed"] = done.is_signed;
    object["records"] = std::move(records);
    return object;
}

json::object steps_json(const delivery_test& done, const places& named) {
    auto steps = done.is_here ? way_json(done.way, named) : json::array();
    for (const auto& one : done.steps) {
        auto step = one_field("step", one.what);
        step["result"] = word_of(one.how);
        step["text"] = one.words;
        if (!one.advice.empty()) step["advice"] = one.advice;
        steps.push_back(std::move(step));
    }
    auto object = one_field("address", done.address);
    object["good"] = done.is_good;
    object["here"] = done.is_here;
    object["steps"] = std::move(steps);
    if (done.way.steps_left_out > 0) object["left_out"] = done.way.steps_left_out;
    return object;
}

json::object catchall_json(const catchall_setting& done, const places& named) {
    auto object = one_field("name", done.domain);
    object["catch_all"] = done.target;
    std::string more;
    if (done.overrides_account)
        more = "The account catchall@" + address::shown(done.domain) +
               " exists as well; the domain's setting wins over it.";
    add_warning(object, joined(warning_of(done.doubts, named), more));
    return object;
}

namespace {

/// Its sender has said when it is to leave, and that is still to come.
bool is_for_later(const storage::queue_item& item, const storage::queue_recipient& one) {
    return item.release_at != 0 && one.attempts == 0 && one.due_at == item.release_at;
}

std::string_view state_name(const storage::queue_item& item, const storage::queue_recipient& one) {
    switch (one.state) {
    case storage::queue_state::waiting: break;
    case storage::queue_state::owes_delivered:
    case storage::queue_state::owes_relayed: return "delivered";
    case storage::queue_state::owes_failed: return "failed";
    }
    if (one.held) return "held";
    if (one.frozen) return "frozen";
    if (is_for_later(item, one)) return "for later";
    return one.lease != 0 ? "in delivery" : "waiting";
}

json::object queued_recipient_json(const storage::queue_item& item,
                                   const storage::queue_recipient& one) {
    auto object = one_field("to", one.to);
    object["state"] = state_name(item, one);
    object["attempts"] = one.attempts;
    object["due_at"] = one.due_at;
    if (one.attempted_at != 0) object["attempted_at"] = one.attempted_at;
    if (!one.last_host.empty()) object["last_host"] = one.last_host;
    if (!one.last_reply.empty()) object["last_reply"] = one.last_reply;
    if (!one.last_tls.empty()) object["last_tls"] = one.last_tls;
    return object;
}

}  // namespace

json::object queued_json(const storage::queue_item& item, const places&) {
    json::array recipients;
    const storage::queue_recipient* next = nullptr;    // due first
    const storage::queue_recipient* latest = nullptr;  // attempted last
    for (const auto& one : item.recipients) {
        recipients.push_back(queued_recipient_json(item, one));
        if (next == nullptr || one.due_at < next->due_at) next = &one;
        if (latest == nullptr || one.attempted_at > latest->attempted_at) latest = &one;
    }
    auto object = one_field("id", item.id.value());
    object["from"] = item.reverse_path;
    object["recipients"] = std::move(recipients);
    object["octets"] = item.octets;
    object["created_at"] = item.created_at;
    if (next != nullptr) {
        if (is_for_later(item, *next)) object["held_until"] = item.release_at;
        object["state"] = state_name(item, *next);
        object["due_at"] = next->due_at;
    }
    if (latest != nullptr && !latest->last_reply.empty()) object["last_reply"] = latest->last_reply;
    return object;
}

json::object queue_json(const page<storage::queue_item>& list, const places& named) {
    return list_json("queue", list, [&named](const storage::queue_item& item) {
        return queued_json(item, named);
    });
}

json::object report_json(const storage::check_report& report, const places&) {
    json::object done;
    done["sound"] = report.findings.empty();
    done["findings"] = texts_json(report.findings);
    done["accounts"] = report.accounts;
    done["mailboxes"] = report.mailboxes;
    done["messages"] = report.messages;
    done["blobs"] = report.blobs;
    done["octets"] = report.octets;
    return done;
}

}  // namespace hauspost::admin::api
