#include "storage/lmdb/queue_rows.hpp"

#include "base/address.hpp"
#include "base/octets.hpp"
#include "base/utf8.hpp"

#include <algorithm>

namespace hauspost::storage::lmdb {
namespace queue_rows {
namespace {

constexpr std::size_t due_tail_octets = 20;  // of a key of "due": time, queue id, number
constexpr std::uint8_t is_smtputf8 = 1, is_8bit = 2, requires_tls = 4, ignores_tls_policies = 8;
constexpr std::uint8_t is_held = 1, is_delay_told = 2;

void require_row(bool ok, const char* what) {
    if (!ok) throw fault(std::string("damaged row in table ") + what);
}

}  // namespace

std::string recipient_key(recipient_place at) {
    std::string key(schema::queue_key(at.id));
    append_be(key, at.number);
    return key;
}

recipient_place place_of(std::string_view key) {
    return {queue_id(load_be<std::uint64_t>(key.data())), load_be<std::uint32_t>(key.data() + 8)};
}

std::string due_prefix(const queue_track& track) {
    auto key = track_key(track);
    key.push_back('\0');
    return key;
}

std::string due_key(const queue_track& track, std::int64_t due_at, recipient_place at) {
    auto key = due_prefix(track);
    append_be(key, static_cast<std::uint64_t>(due_at));
    key += recipient_key(at);
    return key;
}

std::int64_t due_of(std::string_view key) {
    return static_cast<std::int64_t>(
        load_be<std::uint64_t>(key.data() + key.size() - due_tail_octets));
}

recipient_place due_place(std::string_view key) {
    return place_of(key.substr(key.size() - due_tail_octets + 8));
}

std::string track_key(const queue_track& track) {
    std::string key(1, static_cast<char>(track.lane));
    key += track.domain;
    return key;
}

queue_track track_of(std::string_view key) {
    return {static_cast<queue_lane>(key.front()), std::string(key.substr(1))};
}

std::string track_due_key(const queue_track& track, std::int64_t due_at) {
    std::string key(1, static_cast<char>(track.lane));
    append_be(key, static_cast<std::uint64_t>(due_at));
    key += track.domain;
    return key;
}

std::optional<queue_track> track_of(const queue_item& item, const queue_recipient& recipient) {
    if (recipient.held) return std::nullopt;
    queue_track track;
    track.lane = item.lane;
    if (recipient.state == queue_state::waiting) track.domain = address::domain_of(recipient.to);
    return track;
}

std::string encode(const queue_item& item) {
    std::string out;
    append_le(out, item.sender.value());
    append_text(out, item.reverse_path);
    append_text(out, item.envelope_id);
    append_text(out, item.ret);
    out.push_back(static_cast<char>((item.smtputf8 ? is_smtputf8 : 0) |
                                    (item.is_8bit ? is_8bit : 0) |
                                    (item.requires_tls ? requires_tls : 0) |
                                    (item.ignores_tls_policies ? ignores_tls_policies : 0)));
    out.push_back(static_cast<char>(item.lane));
    append_le(out, item.blob.value());
    append_text(out, item.prefix);
    append_le(out, item.octets);
    append_le(out, item.created_at);
    return out;
}

queue_item decode(queue_id id, std::string_view octets) {
    octet_reader in(octets);
    queue_item item;
    item.id = id;
    item.sender = account_id(in.number<std::uint32_t>());
    item.reverse_path = in.text();
    item.envelope_id = in.text();
    item.ret = in.text();
    const auto bits = in.number<std::uint8_t>();
    item.smtputf8 = (bits & is_smtputf8) != 0;
    item.is_8bit = (bits & is_8bit) != 0;
    item.requires_tls = (bits & requires_tls) != 0;
    item.ignores_tls_policies = (bits & ignores_tls_policies) != 0;
    item.lane = static_cast<queue_lane>(in.number<std::uint8_t>());
    item.blob = blob_id(in.number<std::uint64_t>());
    item.prefix = in.text();
    item.octets = in.number<std::uint64_t>();
    item.created_at = in.number<std::int64_t>();
    require_row(in.ok(), "queue");
    return item;
}

std::string encode(const queue_recipient& recipient) {
    std::string out;
    append_text(out, recipient.to);
    append_text(out, recipient.original);
    append_text(out, recipient.notify);
    out.push_back(static_cast<char>(recipient.state));
    out.push_back(static_cast<char>((recipient.held ? is_held : 0) |
                                    (recipient.delay_told ? is_delay_told : 0)));
    append_le(out, recipient.attempts);
    append_le(out, recipient.due_at);
    append_le(out, recipient.attempted_at);
    append_le(out, recipient.lease);
    append_text(out, utf8::truncated(recipient.last_reply, queue_recipient::max_reply_octets));
    append_text(out, utf8::truncated(recipient.last_host, queue_recipient::max_reply_octets));
    append_text(out, utf8::truncated(recipient.last_tls, queue_recipient::max_reply_octets));
    return out;
}

queue_recipient decode_recipient(std::uint32_t number, std::string_view octets) {
    octet_reader in(octets);
    queue_recipient recipient;
    recipient.number = number;
    recipient.to = in.text();
    recipient.original = in.text();
    recipient.notify = in.text();
    recipient.state = static_cast<queue_state>(in.number<std::uint8_t>());
    const auto bits = in.number<std::uint8_t>();
    recipient.held = (bits & is_held) != 0;
    recipient.delay_told = (bits & is_delay_told) != 0;
    recipient.attempts = in.number<std::uint16_t>();
    recipient.due_at = in.number<std::int64_t>();
    recipient.attempted_at = in.number<std::int64_t>();
    recipient.lease = in.number<std::uint64_t>();
    recipient.last_reply = in.text();
    recipient.last_host = in.text();
    recipient.last_tls = in.text();
    require_row(in.ok(), "queue_recipient");
    return recipient;
}

std::optional<std::int64_t> due_time(const txn& within, const queue_track& track) {
    const auto prefix = due_prefix(track);
    cursor at(within, table::due);
    if (!at.seek(prefix) || !at.key().starts_with(prefix)) return std::nullopt;
    const auto first = due_of(at.key());
    if (track.domain.empty()) return first;
    const auto until = within.get(table::put_off, track.domain);
    return until ? std::max(first, load_le<std::int64_t>(until->data())) : first;
}

std::optional<queue_item> find(const txn& within, queue_id id) {
    const auto found = within.get(table::queue, schema::queue_key(id));
    if (!found) return std::nullopt;
    return decode(id, *found);
}

std::vector<queue_recipient> recipients_of(const txn& within, queue_id id) {
    std::vector<queue_recipient> found;
    const std::string prefix(schema::queue_key(id));
    cursor at(within, table::queue_recipient);
    for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next())
        found.push_back(decode_recipient(place_of(at.key()).number, at.value()));
    return found;
}

}  // namespace queue_rows

void queue_edit::take_from_track(const queue_item& item, const queue_recipient& recipient) {
    auto track = queue_rows::track_of(item, recipient);
    if (!track) return;
    tx_.remove(table::due,
               queue_rows::due_key(*track, recipient.due_at, {item.id, recipient.number}));
    touched_.insert(std::move(*track));
}

void queue_edit::put_into_track(const queue_item& item, const queue_recipient& recipient) {
    auto track = queue_rows::track_of(item, recipient);
    if (!track) return;
    tx_.put(table::due, queue_rows::due_key(*track, recipient.due_at, {item.id, recipient.number}),
            "");
    touched_.insert(std::move(*track));
}

void queue_edit::add(queue_item item) {
    tx_.append(table::queue, schema::queue_key(item.id), queue_rows::encode(item));
    std::uint32_t number = 0;
    for (auto& recipient : item.recipients) {
        recipient.number = number++;
        tx_.append(table::queue_recipient, queue_rows::recipient_key({item.id, recipient.number}),
                   queue_rows::encode(recipient));
        put_into_track(item, recipient);
    }
}

void queue_edit::replace(const queue_item& item,
                         const queue_recipient& before,
                         const queue_recipient& after) {
    take_from_track(item, before);
    tx_.put(table::queue_recipient, queue_rows::recipient_key({item.id, after.number}),
            queue_rows::encode(after));
    put_into_track(item, after);
}

bool queue_edit::remove(const queue_item& item, const queue_recipient& recipient) {
    take_from_track(item, recipient);
    tx_.remove(table::queue_recipient, queue_rows::recipient_key({item.id, recipient.number}));
    const std::string prefix(schema::queue_key(item.id));
    {
        cursor at(tx_, table::queue_recipient);
        if (at.seek(prefix) && at.key().starts_with(prefix)) return false;
    }
    tx_.remove(table::queue, prefix);
    return true;
}

void queue_edit::put_off(const std::string& domain, std::int64_t until) {
    if (domain.empty()) return;
    for (const auto lane : {queue_lane::people, queue_lane::bulk})
        touched_.insert({lane, domain});
    if (until == 0) {
        tx_.remove(table::put_off, domain);
        return;
    }
    std::string time;
    append_le(time, until);
    tx_.put(table::put_off, domain, time);
}

void queue_edit::save() {
    for (const auto& track : touched_) {
        const auto key = queue_rows::track_key(track);
        if (const auto stored = tx_.get(table::track, key)) {
            const auto before = load_le<std::int64_t>(stored->data());
            tx_.remove(table::track_due, queue_rows::track_due_key(track, before));
        }
        if (const auto due = queue_rows::due_time(tx_, track)) {
            std::string time;
            append_le(time, *due);
            tx_.put(table::track, key, time);
            tx_.put(table::track_due, queue_rows::track_due_key(track, *due), "");
            continue;
        }
        tx_.remove(table::track, key);
        const auto other = track.lane == queue_lane::people ? queue_lane::bulk : queue_lane::people;
        const bool is_last = !queue_rows::due_time(tx_, {other, track.domain});
        if (is_last && !track.domain.empty()) tx_.remove(table::put_off, track.domain);
    }
    touched_.clear();
}

}  // namespace hauspost::storage::lmdb
