#pragma once

#include "protocols/imap/command.hpp"
#include "protocols/imap/session/flag_writer.hpp"
#include "storage/types.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::imap {

/// Writes FETCH lines out of what a walk shows, without looking at any message's octets.
///
/// Lifetime: borrows all three; the keyword table may only grow meanwhile.
class fetch_writer {
public:
    /// is_utf8  the client has enabled UTF-8 (RFC 9755)
    fetch_writer(std::string& out,
                 const fetch_items& items,
                 const std::vector<std::string>& keywords,
                 bool is_utf8 = false)
        : out_(out), items_(items), flags_(keywords), is_utf8_(is_utf8) {}

    /// A whole line.
    void line(std::uint32_t sequence, const storage::message_view& message);
    /// "* 12 FETCH (UID 7 ..." as far as no octets of the message are asked for. A space
    /// is due before what follows when this returns true.
    [[nodiscard]] bool begin(std::uint32_t sequence, const storage::message_view& message);
    void end() { out_ += ")\r\n"; }

    /// "* 12 FETCH (UID 7 FLAGS (...))": for STORE.
    void flags_line(std::uint32_t sequence, const storage::message_flags& message, bool with_uid);

private:
    void space();
    void extensions(const storage::message_view& message);

    std::string& out_;
    const fetch_items& items_;
    flag_writer flags_;
    bool is_utf8_;
    bool is_first_ = true;
};

}  // namespace hauspost::imap
