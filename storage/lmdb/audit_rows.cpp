#include "storage/lmdb/audit_rows.hpp"

#include "base/octets.hpp"
#include "base/utf8.hpp"
#include "storage/fault.hpp"

#include <algorithm>

namespace hauspost::storage::lmdb::audit_rows {
namespace {

constexpr std::size_t key_octets = 12;

[[noreturn]] void refuse_row() {
    throw fault("damaged row in table audit");
}

/// Half a JSON object is none.
std::string_view whole_or_none(std::string_view change) {
    return change.size() <= audit_entry::max_change_octets ? change : std::string_view();
}

}  // namespace

std::string key_of(audit_place at) {
    std::string key;
    append_be(key, at.microseconds);
    append_be(key, at.number);
    return key;
}

audit_place place_of(std::string_view key) {
    if (key.size() != key_octets) refuse_row();
    return {load_be<std::uint64_t>(key.data()), load_be<std::uint32_t>(key.data() + 8)};
}

std::string encode(const audit_entry& entry) {
    std::string out;
    out.push_back(static_cast<char>(row_version));
    out.push_back(static_cast<char>(entry.who));
    out.push_back(static_cast<char>(entry.end));
    append_text(out, utf8::truncated(entry.from, audit_entry::max_word_octets));
    append_text(out, utf8::truncated(entry.command, audit_entry::max_word_octets));
    append_text(out, utf8::truncated(entry.subject, audit_entry::max_subject_octets));
    append_text(out, utf8::truncated(entry.reason, audit_entry::max_word_octets));
    append_text(out, whole_or_none(entry.before));
    append_text(out, whole_or_none(entry.after));
    return out;
}

audit_entry decode(std::string_view key, std::string_view octets) {
    octet_reader in(octets);
    audit_entry entry;
    entry.place = place_of(key);
    const auto version = in.number<std::uint8_t>();
    entry.who = static_cast<audit_actor>(in.number<std::uint8_t>());
    entry.end = static_cast<audit_end>(in.number<std::uint8_t>());
    for (auto* text :
         {&entry.from, &entry.command, &entry.subject, &entry.reason, &entry.before, &entry.after})
        *text = in.text();
    if (!in.ok() || !in.rest().empty() || version != row_version ||
        entry.who < audit_actor::command_line || entry.who > last_audit_actor ||
        entry.end > last_audit_end)
        refuse_row();
    return entry;
}

audit_place next_place(const txn& within, std::uint64_t now_microseconds) {
    audit_place made;
    made.microseconds = now_microseconds;
    cursor at(within, table::audit);
    if (!at.last()) return made;
    const auto last = place_of(at.key());
    if (last.microseconds < now_microseconds) return made;
    made.microseconds = last.microseconds;
    made.number = last.number + 1;
    // 2^32 entries while the clock stood still.
    if (made.number == 0) ++made.microseconds;
    return made;
}

}  // namespace hauspost::storage::lmdb::audit_rows
