#pragma once

#include <cstddef>
#include <cstdint>

namespace hauspost::imap {

/// What one client may make us hold. The operator may change those that have an item in
/// conf/hauspost.toml, below [imap]; it is named after its field.
struct limits {
    // All octets of a command outside its literals, CRLFs included.
    std::size_t line_octets_before_login = 8'192;
    std::size_t line_octets = 65'536;
    // One literal that is not the message of an APPEND.
    std::size_t literal_octets_before_login = 4'096;
    std::size_t literal_octets = 65'536;
    // A whole command: lines and literals (the message of an APPEND is never held).
    std::size_t command_octets_before_login = 16'384;
    std::size_t command_octets = 1'048'576;
    std::size_t literals_before_login = 4;
    std::size_t literals = 256;
    // The message of an APPEND.
    std::uint64_t append_octets = 52'428'800;
    // All messages of one APPEND (RFC 3502): they lie on the disk until its end. 0: no limit.
    std::uint64_t append_command_octets = 268'435'456;
    // How much of a refused command is read and thrown away before the connection is closed.
    std::size_t swallowed_octets = 1'048'576;
    // RFC 7888 5: LITERAL- instead of LITERAL+, non-synchronising literals up to 4096 octets only.
    bool literal_minus = false;
};

inline constexpr std::size_t literal_minus_octets = 4'096;  // RFC 7888 5
inline constexpr std::size_t max_tag_octets = 128;          // ours; RFC 9051 9 sets none
inline constexpr unsigned max_nesting_depth = 32;           // "(" and NOT and OR in one command
inline constexpr std::size_t max_search_keys = 2'000;
inline constexpr std::size_t max_search_texts = 100;      // keys with a text, field or keyword
inline constexpr std::size_t max_search_sources = 200;    // of one ESEARCH
inline constexpr std::size_t max_cancelled_tags = 64;     // of one CANCELUPDATE
inline constexpr std::size_t max_object_id_octets = 255;  // RFC 8474 4
inline constexpr std::size_t max_fetch_sections = 200;
inline constexpr std::size_t max_header_fields = 500;  // of one HEADER.FIELDS
inline constexpr std::size_t max_flags = 256;          // named by one STORE or APPEND
inline constexpr std::size_t max_keyword_octets = 128;
inline constexpr std::uint32_t max_append_messages = 100;  // of one APPEND (RFC 3502)
inline constexpr std::uint32_t max_catenate_parts = 100;   // of one APPEND (RFC 4469)
inline constexpr std::size_t max_url_octets = 2'048;       // of one URL in CATENATE
inline constexpr std::size_t max_list_patterns = 64;
inline constexpr std::size_t max_metadata_entries = 64;  // named by one command
inline constexpr std::size_t max_metadata_entry_octets = 255;
inline constexpr std::size_t max_identifier_octets = 320;  // a mail address
inline constexpr std::size_t max_id_pairs = 30;            // RFC 2971 3.3
inline constexpr std::size_t max_id_field_octets = 30;     // RFC 2971 3.3
inline constexpr std::size_t max_id_value_octets = 1024;   // RFC 2971 3.3
inline constexpr std::size_t max_enable_words = 64;
inline constexpr std::size_t max_notify_mailboxes = 500;
inline constexpr std::size_t max_notify_groups = 32;
inline constexpr std::size_t max_part_depth = 64;  // "1.2.3...", as deep as messages are parsed
inline constexpr std::size_t max_mailbox_octets = 255;  // UTF-8
inline constexpr std::size_t max_mailbox_levels = 20;

}  // namespace hauspost::imap
