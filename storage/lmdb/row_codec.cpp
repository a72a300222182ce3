#include "storage/lmdb/schema.hpp"

#include <limits>

namespace hauspost::storage::lmdb::schema {
namespace {

void require(bool ok, const char* what) {
    if (!ok) throw fault(std::string("damaged row in table ") + what);
}

void append_list(std::string& out, const std::vector<std::string>& texts) {
    append_le(out, static_cast<std::uint32_t>(texts.size()));
    for (const auto& text : texts)
        append_text(out, text);
}

std::vector<std::string> read_list(octet_reader& in) {
    std::vector<std::string> texts;
    for (auto left = in.number<std::uint32_t>(); left > 0 && in.ok(); --left)
        texts.emplace_back(in.text());
    return texts;
}

/// Rows of formats before 8 end before it; their way to this one leads through here.
std::uint64_t version_of(octet_reader& in) {
    return in.rest().empty() ? 1 : in.number<std::uint64_t>();
}

}  // namespace

std::string encode_account(const account& row) {
    std::string out;
    append_text(out, row.name);
    append_text(out, row.display_name);
    append_text(out, row.password_hash);
    append_le(out, row.quota_octets);
    out.push_back(row.active ? 1 : 0);
    append_list(out, row.forwards);
    out.push_back(row.keep_copy ? 1 : 0);
    append_text(out, row.note);
    append_le(out, row.created_at);
    append_le(out, row.version);
    out.push_back(row.files_sent ? 1 : 0);
    return out;
}

account decode_account(account_id id, std::string_view octets) {
    octet_reader in(octets);
    account row;
    row.id = id;
    row.name = in.text();
    row.display_name = in.text();
    row.password_hash = in.text();
    row.quota_octets = in.number<std::uint64_t>();
    row.active = in.number<char>() != 0;
    row.forwards = read_list(in);
    row.keep_copy = in.number<char>() != 0;
    row.note = in.text();
    row.created_at = in.number<std::int64_t>();
    row.version = version_of(in);
    if (!in.rest().empty())
        row.files_sent = in.number<char>() != 0;  // until format 9 there was none
    require(in.ok(), "account");
    return row;
}

std::string encode_alias(const alias& row) {
    std::string out;
    out.push_back(row.enabled ? 1 : 0);
    append_list(out, row.targets);
    append_le(out, row.version);
    return out;
}

alias decode_alias(std::string_view name, std::string_view octets) {
    octet_reader in(octets);
    alias row;
    row.name = name;
    row.enabled = in.number<char>() != 0;
    row.targets = read_list(in);
    row.version = version_of(in);
    require(in.ok(), "address");
    return row;
}

std::string encode_domain(const domain& row) {
    std::string out;
    append_text(out, row.catch_all);
    append_le(out, row.created_at);
    append_le(out, row.version);
    return out;
}

domain decode_domain(std::string_view name, std::string_view octets) {
    octet_reader in(octets);
    domain row;
    row.name = name;
    row.catch_all = in.text();
    row.created_at = in.number<std::int64_t>();
    row.version = version_of(in);
    require(in.ok(), "domain");
    return row;
}

std::string annotation_key(mailbox_key box, std::string_view entry, std::uint16_t n) {
    std::string key(mailbox_row_key(box));
    key.append(entry);
    key.push_back('\0');
    key.append(key_buffer<2>().add(n));
    return key;
}

std::string granted_prefix(account_id grantee, std::string_view domain) {
    std::string key(account_key(grantee));
    if (grantee) return key;
    key.append(domain);
    key.push_back('\0');
    return key;
}

std::string granted_key(account_id grantee, std::string_view domain, mailbox_key box) {
    auto key = granted_prefix(grantee, domain);
    key.append(mailbox_row_key(box));
    return key;
}

std::string name_key(account_id account, std::string_view name) {
    std::string key;
    append_be(key, account.value());
    return key.append(name);
}

std::string encode(const mailbox_row& row) {
    std::string out;
    out.push_back(static_cast<char>(row.use));
    out.push_back(row.selectable ? 1 : 0);
    out.push_back(row.removing ? 1 : 0);
    append_text(out, row.name);
    return out;
}

mailbox_row decode_mailbox(std::string_view octets) {
    octet_reader in(octets);
    mailbox_row row;
    row.use = static_cast<mail::special_use>(in.number<char>());
    row.selectable = in.number<char>() != 0;
    row.removing = in.number<char>() != 0;
    row.name = in.text();
    require(in.ok(), "mailbox");
    return row;
}

std::string encode(const account_row& row) {
    std::string out;
    append_le(out, row.octets);
    append_le(out, row.messages);
    append_le(out, row.modseq);
    append_le(out, row.next_mailbox);
    append_le(out, row.next_uid_validity);
    append_le(out, row.expunged_octets);
    return out;
}

account_row decode_account_row(std::string_view octets) {
    octet_reader in(octets);
    account_row row;
    row.octets = in.number<std::uint64_t>();
    row.messages = in.number<std::uint64_t>();
    row.modseq = in.number<std::uint64_t>();
    row.next_mailbox = in.number<std::uint32_t>();
    row.next_uid_validity = in.number<std::uint32_t>();
    row.expunged_octets = in.number<std::uint64_t>();
    require(in.ok(), "counters");
    return row;
}

std::string encode(const mailbox_counters& row) {
    std::string out;
    append_le(out, row.octets);
    append_le(out, row.highest_modseq.value());
    append_le(out, row.messages);
    append_le(out, row.unseen);
    append_le(out, row.deleted);
    append_le(out, row.uid_validity.value());
    append_le(out, row.uid_next.value());
    append_le(out, row.vanished_floor.value());
    append_le(out, row.vanished_ranges);
    append_le(out, row.first_recent.value());
    append_le(out, row.recent);
    return out;
}

mailbox_counters decode_counters(std::string_view octets) {
    octet_reader in(octets);
    mailbox_counters row;
    row.octets = in.number<std::uint64_t>();
    row.highest_modseq = modseq(in.number<std::uint64_t>());
    row.messages = in.number<std::uint32_t>();
    row.unseen = in.number<std::uint32_t>();
    row.deleted = in.number<std::uint32_t>();
    row.uid_validity = uid_validity(in.number<std::uint32_t>());
    row.uid_next = uid(in.number<std::uint32_t>());
    row.vanished_floor = modseq(in.number<std::uint64_t>());
    row.vanished_ranges = in.number<std::uint32_t>();
    row.first_recent = uid(in.number<std::uint32_t>());
    row.recent = in.number<std::uint32_t>();
    require(in.ok(), "counters");
    return row;
}

std::string encode(const message_row& row) {
    std::string out;
    out.reserve(message_row_head + row.prefix.size() + row.summary.size());
    out.push_back(1);
    out.push_back(row.has_rest ? 1 : 0);
    append_le(out, row.internal_date.zone_minutes);
    append_le(out, static_cast<std::uint32_t>(row.prefix.size()));
    append_le(out, row.blob.value());
    append_le(out, row.octets);
    append_le(out, row.internal_date.unix_seconds);
    append_le(out, row.save_date);
    append_le(out, row.thread);
    out.append(row.prefix);
    out.append(row.summary);
    return out;
}

message_row decode_message(std::string_view octets) {
    require(octets.size() >= message_row_head && octets[0] == 1, "message");
    const char* at = octets.data();
    message_row row;
    row.has_rest = at[1] != 0;
    row.internal_date.zone_minutes = load_le<std::int16_t>(at + 2);
    const auto prefix = load_le<std::uint32_t>(at + 4);
    row.blob = blob_id(load_le<std::uint64_t>(at + 8));
    row.octets = load_le<std::uint64_t>(at + 16);
    row.internal_date.unix_seconds = load_le<std::int64_t>(at + 24);
    row.save_date = load_le<std::int64_t>(at + 32);
    row.thread = load_le<std::uint64_t>(at + 40);
    const auto rest = octets.substr(message_row_head);
    require(prefix <= rest.size(), "message");
    row.prefix = rest.substr(0, prefix);
    row.summary = rest.substr(prefix);
    return row;
}

flag_block::flag_block(std::string_view row) {
    require(row.size() == octets, "flags");
    std::copy(row.begin(), row.end(), octets_.begin());
}

flag_block_view::flag_block_view(std::string_view row) : row_(row.data()) {
    require(row.size() == flag_block::octets, "flags");
}

void flag_block::set_bit(std::size_t head_number, unsigned n, bool on) {
    const auto bit = std::uint64_t{1} << n;
    set_head(head_number, on ? head(head_number) | bit : head(head_number) & ~bit);
}

/// Makes room for a modseq more than 2^32 above the base. The oldest entries rise with the base:
/// they are reported as changed once more, which is harmless.
void flag_block::raise_base(std::uint64_t modseq) {
    const auto base = modseq - std::numeric_limits<std::uint32_t>::max() / 2;
    for (unsigned n = 0; n < 64; ++n) {
        const auto old = this->modseq(n);
        store_le(octets_.data() + entry(n) + 4,
                 static_cast<std::uint32_t>(old > base ? old - base : 0));
    }
    set_head(1, base);
}

void flag_block::set(unsigned n, std::uint32_t bits, std::uint64_t modseq) {
    if (present() == 0) set_head(1, modseq);  // an empty block: count from here
    if (modseq - head(1) > std::numeric_limits<std::uint32_t>::max()) raise_base(modseq);
    store_le(octets_.data() + entry(n), bits);
    store_le(octets_.data() + entry(n) + 4, static_cast<std::uint32_t>(modseq - head(1)));
    set_head(0, modseq);
    set_bit(2, n, true);
    set_bit(3, n, (bits & mail::flags::seen) != 0);
    set_bit(4, n, (bits & mail::flags::deleted) != 0);
}

void flag_block::erase(unsigned n, std::uint64_t modseq) {
    store_le(octets_.data() + entry(n), std::uint64_t{0});
    set_head(0, modseq);
    for (const auto bitmap : {std::size_t{2}, std::size_t{3}, std::size_t{4}})
        set_bit(bitmap, n, false);
}

std::string encode_extra(const std::vector<std::uint16_t>& numbers) {
    std::string out;
    for (const auto number : numbers)
        append_le(out, number);
    return out;
}

std::vector<std::uint16_t> decode_extra(std::string_view octets) {
    octet_reader in(octets);
    std::vector<std::uint16_t> numbers;
    while (!in.rest().empty() && in.ok())
        numbers.push_back(in.number<std::uint16_t>());
    require(in.ok(), "extra_flags");
    return numbers;
}

std::string encode(const removed_account& row) {
    std::string out;
    append_text(out, row.name);
    append_le(out, row.quota_octets);
    append_le(out, row.removed_at);
    append_text(out, row.display_name);
    append_text(out, row.note);
    append_list(out, row.forwards);
    out.push_back(row.keep_copy ? 1 : 0);
    out.push_back(row.files_sent ? 1 : 0);
    return out;
}

removed_account decode_removed(std::string_view octets) {
    octet_reader in(octets);
    removed_account row;
    row.name = in.text();
    row.quota_octets = in.number<std::uint64_t>();
    row.removed_at = in.number<std::int64_t>();
    if (!in.rest().empty()) {  // until format 10 that was all
        row.display_name = in.text();
        row.note = in.text();
        row.forwards = read_list(in);
        row.keep_copy = in.number<char>() != 0;
        row.files_sent = in.number<char>() != 0;
    }
    require(in.ok(), "removed");
    return row;
}

std::string encode(const gone_mailbox& row) {
    std::string out;
    append_le(out, row.gone_at);
    out.push_back(static_cast<char>(row.use));
    append_text(out, row.name);
    auto words = row.keywords;
    const auto octets = [&] {
        std::string list;
        append_list(list, words);
        return list;
    };
    while (!words.empty() && out.size() + octets().size() > max_value_octets)
        words.pop_back();
    return out + octets();
}

gone_mailbox decode_gone_mailbox(std::string_view octets) {
    octet_reader in(octets);
    gone_mailbox row;
    row.gone_at = in.number<std::int64_t>();
    row.use = static_cast<mail::special_use>(in.number<char>());
    row.name = in.text();
    row.keywords = read_list(in);
    require(in.ok() && row.use <= mail::special_use::flagged, "gone_mailbox");
    return row;
}

std::string encode(const blob_row& row) {
    std::string out;
    append_le(out, row.segment);
    append_le(out, row.references);
    append_le(out, row.offset);
    append_le(out, row.octets);
    append_le(out, row.checksum);
    return out;
}

blob_row decode_blob(std::string_view octets) {
    octet_reader in(octets);
    blob_row row;
    row.segment = in.number<std::uint32_t>();
    row.references = in.number<std::uint32_t>();
    row.offset = in.number<std::uint64_t>();
    row.octets = in.number<std::uint64_t>();
    row.checksum = in.number<std::uint64_t>();
    require(in.ok(), "blob");
    return row;
}

std::string encode(const segment_row& row) {
    std::string out;
    append_le(out, row.committed);
    append_le(out, row.live);
    return out;
}

segment_row decode_segment(std::string_view octets) {
    octet_reader in(octets);
    segment_row row;
    row.committed = in.number<std::uint64_t>();
    row.live = in.number<std::uint64_t>();
    require(in.ok(), "segment");
    return row;
}

}  // namespace hauspost::storage::lmdb::schema
