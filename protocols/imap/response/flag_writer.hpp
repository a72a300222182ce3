#pragma once

#include "mail/flags.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::imap {

/// Writes "FLAGS (\Seen word)" for many messages of one mailbox. Remembers the last text, since
/// neighbours mostly have the same flags.
///
/// Lifetime: borrows the keyword table, which may only grow meanwhile.
class flag_writer {
public:
    explicit flag_writer(const std::vector<std::string>& keywords) : keywords_(keywords) {}

    /// bits, extra_keywords  as in storage::message_view
    /// is_recent             \Recent comes first
    void append(std::string& out,
                std::uint32_t bits,
                const std::vector<std::uint16_t>* extra_keywords,
                bool is_recent = false);

private:
    void write(std::string& out,
               std::uint32_t bits,
               const std::vector<std::uint16_t>* extra_keywords,
               bool is_recent) const;

    const std::vector<std::string>& keywords_;
    bool has_last_ = false;
    std::uint32_t last_bits_ = 0;
    bool was_recent_ = false;
    std::string last_text_;
};

/// "* FLAGS (...)" and "* OK [PERMANENTFLAGS (...)]" of a mailbox. RFC 9051 7.3.5, 7.1
/// changeable      what this user may set and clear, RFC 4314 5.1.1
/// has_room        for another keyword: then the client may make some
void write_flag_lines(std::string& out,
                      const std::vector<std::string>& keywords,
                      mail::flag_mask changeable,
                      bool has_room);

}  // namespace hauspost::imap
