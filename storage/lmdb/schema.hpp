#pragma once

#include "base/octets.hpp"
#include "storage/types.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What is on disk: every table's key and value (docs/storage_format.md tells it in prose).
///
/// Keys are tuples of big-endian numbers, so that LMDB's octet order is their order and a range is
/// one walk; keys of mail data begin with the account. Values are little-endian. No value is larger
/// than a page holds; longer ones are cut into numbered rows.
namespace hauspost::storage::lmdb::schema {

inline constexpr std::size_t max_address_octets = 320;  // RFC 5321 4.5.3.1: 64 + "@" + 255

/// Raised with every change of a layout; migrate.cpp knows the way from one to the next.
inline constexpr std::uint32_t version = 11;

/// Longest value kept in one row: LMDB keeps node header, key and value of two rows on a page.
inline constexpr std::size_t max_value_octets = 1900;

/// The part of a key in front: written into a fixed buffer, no allocation.
template <std::size_t Octets>
class key_buffer {
public:
    template <class Unsigned>
    key_buffer& add(Unsigned number) {
        for (int shift = static_cast<int>(sizeof(Unsigned) * 8) - 8; shift >= 0; shift -= 8)
            octets_[size_++] = static_cast<char>((number >> shift) & 0xff);
        return *this;
    }
    operator std::string_view() const noexcept { return {octets_.data(), size_}; }

private:
    std::array<char, Octets> octets_;
    std::size_t size_ = 0;
};

// Table "meta": text -> u64. "schema" version; "next_account"; "next_blob", raised at each start to
// Unix seconds << 16 at least; "next_queue";
// "directory_version": the last that a row of the directory got;
// "next_uid_validity": above all that removed accounts had; "summary_version": of the maker of all
// summaries.

// Table "account": account u32 -> record (encode_account). "address": text -> kind u8, then account
// u32 or alias record. "domain": text -> record.
inline auto account_key(account_id account) {
    return key_buffer<4>().add(account.value());
}
enum class address_kind : char { account = 1, alias = 2 };

std::string encode_account(const account& row);
account decode_account(account_id id, std::string_view octets);
std::string encode_alias(const alias& row);
alias decode_alias(std::string_view name, std::string_view octets);
std::string encode_domain(const domain& row);
domain decode_domain(std::string_view name, std::string_view octets);

// Table "mailbox": account u32, mailbox u32 -> use u8, selectable u8, removing u8, text name.
// Table "mailbox_name": account u32, name -> mailbox u32.
// Table "subscription": account u32, name -> (empty).
inline auto mailbox_row_key(mailbox_key box) {
    return key_buffer<8>().add(box.account.value()).add(box.mailbox.value());
}
/// The mailbox with which the keys of its rows begin.
inline mailbox_key mailbox_of(std::string_view key) {
    return {account_id(load_be<std::uint32_t>(key.data())),
            mailbox_id(load_be<std::uint32_t>(key.data() + 4))};
}
std::string name_key(account_id account, std::string_view name);

struct mailbox_row {
    mail::special_use use = mail::special_use::none;
    bool selectable = true;
    bool removing = false;  // its name is gone; its messages are being taken out in slices
    std::string name;
};
std::string encode(const mailbox_row& row);
mailbox_row decode_mailbox(std::string_view octets);

/// INBOX is made with the account and never goes.
inline constexpr mailbox_id inbox{1};

// Table "counters": account u32, mailbox u32 -> counters_row; mailbox 0 -> account_row.
struct account_row {
    std::uint64_t octets = 0;
    std::uint64_t messages = 0;
    std::uint64_t modseq = 0;  // last one given out
    std::uint32_t next_mailbox = 0;
    std::uint32_t next_uid_validity = 0;
    std::uint64_t expunged_octets = 0;  // RFC822.SIZE of the rows in table "expunged"
};
inline auto account_row_key(account_id account) {
    return key_buffer<8>().add(account.value()).add(std::uint32_t{0});
}
std::string encode(const account_row& row);
account_row decode_account_row(std::string_view octets);
std::string encode(const mailbox_counters& row);
mailbox_counters decode_counters(std::string_view octets);

// Table "keyword": account u32, mailbox u32, number u16 -> name.
inline auto keyword_key(mailbox_key box, std::uint16_t number) {
    return key_buffer<10>().add(box.account.value()).add(box.mailbox.value()).add(number);
}

// Table "message": account u32, mailbox u32, uid u32 -> message_row. Never changed, but for its
// summary when a newer program makes it anew (summary_renewal.hpp).
inline auto message_key(mailbox_key box, uid id) {
    return key_buffer<12>().add(box.account.value()).add(box.mailbox.value()).add(id.value());
}

/// value  version u8 = 1 | flags u8 (bit 0: the summary goes on in summary_rest) | zone i16 |
///        prefix octets u32 | blob u64 | octets u64 | internal date i64 | save date i64 |
///        thread u64 | prefix | summary                                       (48 + n octets)
struct message_row {
    blob_id blob;
    std::uint64_t octets = 0;
    mail::date_time internal_date;
    std::int64_t save_date = 0;
    std::uint64_t thread = 0;
    bool has_rest = false;
    std::string_view prefix;
    std::string_view summary;  // the part of it that stands in this row
};
inline constexpr std::size_t message_row_head = 48;
std::string encode(const message_row& row);
message_row decode_message(std::string_view octets);

// Table "summary_rest": account u32, mailbox u32, uid u32, n u16 -> octets that follow those in the
// message row.
inline auto summary_rest_key(mailbox_key box, uid id, std::uint16_t n) {
    return key_buffer<14>()
        .add(box.account.value())
        .add(box.mailbox.value())
        .add(id.value())
        .add(n);
}

// Table "flags": account u32, mailbox u32, block u32 -> flag_block, for UIDs block*64 ..
// block*64+63.
inline auto flag_block_key(mailbox_key box, std::uint32_t block) {
    return key_buffer<12>().add(box.account.value()).add(box.mailbox.value()).add(block);
}

/// Flags and modseq of 64 consecutive UIDs, as they stand on disk.
///
/// value  highest modseq u64 | base u64 | present u64 | seen u64 | deleted u64 |
///        64 x (flags u32, modseq - base u32)                                   (552 octets)
/// Entries of absent messages are zero. Bit n of a bitmap is UID block*64 + n. seen and deleted
/// repeat what the entries say, so that UNSEEN and EXPUNGE walk heads only.
class flag_block {
public:
    static constexpr std::size_t head_octets = 40;
    static constexpr std::size_t octets = head_octets + 64 * 8;

    flag_block() { octets_.fill('\0'); }
    /// Throws fault when the row has another size.
    explicit flag_block(std::string_view row);

    [[nodiscard]] std::string_view row() const { return {octets_.data(), octets_.size()}; }
    [[nodiscard]] std::uint64_t highest() const { return head(0); }
    [[nodiscard]] std::uint64_t present() const { return head(2); }
    [[nodiscard]] std::uint64_t seen() const { return head(3); }
    [[nodiscard]] std::uint64_t deleted() const { return head(4); }
    [[nodiscard]] std::uint32_t flags(unsigned n) const {
        return load_le<std::uint32_t>(octets_.data() + entry(n));
    }
    [[nodiscard]] std::uint64_t modseq(unsigned n) const {
        return head(1) + load_le<std::uint32_t>(octets_.data() + entry(n) + 4);
    }
    /// Enters or changes a message.
    void set(unsigned n, std::uint32_t bits, std::uint64_t modseq);
    void erase(unsigned n, std::uint64_t modseq);

private:
    static constexpr std::size_t entry(unsigned n) { return head_octets + std::size_t{n} * 8; }
    [[nodiscard]] std::uint64_t head(std::size_t n) const {
        return load_le<std::uint64_t>(octets_.data() + n * 8);
    }
    void set_head(std::size_t n, std::uint64_t value) { store_le(octets_.data() + n * 8, value); }
    void set_bit(std::size_t head_number, unsigned n, bool on);
    void raise_base(std::uint64_t modseq);

    std::array<char, octets> octets_;
};

/// Reads single fields of a stored block in place.
struct flag_block_view {
    explicit flag_block_view(std::string_view row);
    [[nodiscard]] std::uint64_t highest() const { return load_le<std::uint64_t>(row_); }
    [[nodiscard]] std::uint64_t present() const { return load_le<std::uint64_t>(row_ + 16); }
    [[nodiscard]] std::uint64_t seen() const { return load_le<std::uint64_t>(row_ + 24); }
    [[nodiscard]] std::uint64_t deleted() const { return load_le<std::uint64_t>(row_ + 32); }
    [[nodiscard]] std::uint32_t flags(unsigned n) const {
        return load_le<std::uint32_t>(row_ + flag_block::head_octets + n * 8);
    }
    [[nodiscard]] std::uint64_t modseq(unsigned n) const {
        return load_le<std::uint64_t>(row_ + 8) +
               load_le<std::uint32_t>(row_ + flag_block::head_octets + n * 8 + 4);
    }

private:
    const char* row_;
};

// Table "extra_flags": account u32, mailbox u32, uid u32 -> u16 le each, ascending: the message's
// keywords from number mail::flags::in_word on. No row: none.
std::string encode_extra(const std::vector<std::uint16_t>& numbers);
std::vector<std::uint16_t> decode_extra(std::string_view octets);

// Table "vanished": account u32, mailbox u32, modseq u64, n u16 -> time i64, then (first u32, last
// u32) each.
inline constexpr std::size_t vanished_row_head = 8;
inline auto vanished_key(mailbox_key box, std::uint64_t modseq, std::uint16_t n) {
    return key_buffer<18>().add(box.account.value()).add(box.mailbox.value()).add(modseq).add(n);
}
inline constexpr std::size_t ranges_per_vanished_row = 230;

// Table "expunged": account u32, time u64, mailbox u32, uid u32 -> flags u32, message row. Waits
// for the end of the retention time; its summary_rest rows stay where they are until then.
inline constexpr std::size_t expunged_row_head = 4;  // the flags
inline auto expunged_key(account_id account, std::int64_t at, mailbox_id mailbox, uid id) {
    return key_buffer<20>()
        .add(account.value())
        .add(static_cast<std::uint64_t>(at))
        .add(mailbox.value())
        .add(id.value());
}

// Table "removed": account u32 -> removed_account. While mail of a removed account is kept. What is
// needed to make the account again, but for its password.
struct removed_account {
    mail_address name;
    std::uint64_t quota_octets = 0;
    std::int64_t removed_at = 0;  // when that began: what it had then was expunged afterwards
    std::string display_name;
    std::string note;
    std::vector<mail_address> forwards;
    bool keep_copy = true;
    bool files_sent = true;
};
std::string encode(const removed_account& row);
removed_account decode_removed(std::string_view octets);

// Table "gone_mailbox": account u32, mailbox u32 -> gone_mailbox. What is needed to make a mailbox
// again, while messages are kept that were in it. The first keywords alone, as many as fit.
struct gone_mailbox {
    std::int64_t gone_at = 0;
    mail::special_use use = mail::special_use::none;
    std::string name;
    std::vector<std::string> keywords;  // number n is at index n; only those of the flags' word
};
std::string encode(const gone_mailbox& row);
gone_mailbox decode_gone_mailbox(std::string_view octets);

// Table "annotation": account u32, mailbox u32 (0: of the account), entry, 0 u8, n u16 -> XXH3 of
// the value u64, value, n = 0, 1, ... in rows of max_value_octets. Entries are lower case without
// NUL.
std::string annotation_key(mailbox_key box, std::string_view entry, std::uint16_t n);
inline constexpr std::size_t annotation_head = 8;      // in front of the value
inline constexpr std::size_t annotation_key_tail = 3;  // behind the entry

// Table "rights": owner u32, mailbox u32, grantee u32 (0: anyone of the owner's domain) -> rights
// u32.
inline auto rights_key(mailbox_key box, account_id grantee) {
    return key_buffer<12>().add(box.account.value()).add(box.mailbox.value()).add(grantee.value());
}
// Table "granted", the same by grantee: grantee u32, for anyone domain and 0 u8, then owner u32,
// mailbox u32 -> (empty). So nobody's list of shared mailboxes is a walk over all accounts.
std::string granted_prefix(account_id grantee, std::string_view domain);
std::string granted_key(account_id grantee, std::string_view domain, mailbox_key box);

// Table "blob": blob u64 -> blob_row (32 octets).
inline auto blob_key(blob_id blob) {
    return key_buffer<8>().add(blob.value());
}

struct blob_row {
    std::uint32_t segment = 0;  // 0: a file of its own, blobs/big/<blob in hex>
    std::uint32_t references = 0;
    std::uint64_t offset = 0;  // of the first octet of the message in the file
    std::uint64_t octets = 0;
    std::uint64_t checksum = 0;  // XXH3 64 of the octets
    friend bool operator==(const blob_row&, const blob_row&) = default;
};
std::string encode(const blob_row& row);
blob_row decode_blob(std::string_view octets);

// Table "segment": segment u32 -> committed u64, live u64.
inline auto segment_key(std::uint32_t segment) {
    return key_buffer<4>().add(segment);
}

struct segment_row {
    std::uint64_t committed = 0;  // octets of the file that count; what lies behind is garbage
    std::uint64_t live = 0;       // octets of records that blobs refer to
};
std::string encode(const segment_row& row);
segment_row decode_segment(std::string_view octets);

// Table "secret": in secret_rows.hpp; "sender", "correspondent", "correspondent_day", "frozen_mail":
// in sender_rows.hpp; "trace": in trace_rows.hpp; "filed": in sent_copies.hpp; "forward_state": in
// forward_rows.hpp; "tls_policy", "tls_result": in tls_rows.hpp; "owner",
// "web_session": in owner_rows.hpp; "audit": in audit_rows.hpp; "traffic": in traffic_rows.hpp;
// "setting": in setting_rows.hpp.
// Table "queue": queue id u64 -> record; all else of the queue in queue_rows.hpp.
inline auto queue_key(queue_id id) {
    return key_buffer<8>().add(id.value());
}

}  // namespace hauspost::storage::lmdb::schema
