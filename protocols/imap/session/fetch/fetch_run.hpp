#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/grammar/command.hpp"
#include "protocols/imap/response/fetch_section.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/session/core/or_answer.hpp"
#include "protocols/imap/session/core/pace.hpp"
#include "protocols/imap/session/fetch/fetch_writer.hpp"
#include "protocols/message/summary.hpp"
#include "storage/blob_store.hpp"
#include "storage/types.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hauspost::imap {

class binary_reader;

/// Which octets of a decoded part are wanted, while they come by (RFC 3516 4.2).
class decoded_range {
public:
    explicit decoded_range(const std::optional<imap::partial>& wanted) {
        if (wanted) first_ = wanted->offset, end_ = first_ + wanted->count;
    }
    /// The wanted octets of the next piece; counts them.
    std::string_view take(std::string_view piece) noexcept;
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] std::uint64_t all() const noexcept { return all_; }
    [[nodiscard]] bool has_nul() const noexcept { return has_nul_; }

private:
    std::uint64_t first_ = 0;
    std::uint64_t end_ = UINT64_MAX;
    std::uint64_t count_ = 0;  // wanted ones
    std::uint64_t all_ = 0;
    bool has_nul_ = false;
};

/// One FETCH on its way: walks the messages in slices, writes what the walk shows, and reads
/// octets out of blobs where the client wants them. Output goes out between the slices, so what
/// is held does not grow with the mailbox or with a message.
class fetch_run {
public:
    fetch_run(context& session, const fetch_items& items);

    /// Leaves out messages without a higher modseq. RFC 7162 3.1.4.1
    void only_changed_since(modseq since) noexcept { since_ = since; }
    /// Writes all that is still there.
    awaitable<or_answer<>> run(mail::uid_ranges ranges);
    /// How many messages were written.
    [[nodiscard]] std::uint32_t told() const noexcept { return told_; }

private:
    /// What is kept of a message after the walk when octets of it are wanted.
    struct found {
        std::uint32_t sequence = 0;
        storage::message_view view;  // its pointers are set by refresh()
        std::vector<std::uint16_t> extra_keywords;
        std::string prefix;
        std::string summary;
        bool is_newly_seen = false;  // by this command
        void refresh();
    };

    class line_guard;

    awaitable<error_code> walk_lines(storage::message_cursor& rows);
    awaitable<error_code> walk_octets(storage::message_cursor& rows);
    [[nodiscard]] found keep(std::uint32_t sequence, const storage::message_view& message) const;
    /// One commit for the slice.
    /// Returns  its mod-sequence, 0 when nothing was set
    awaitable<modseq> mark_seen(std::span<found> slice);
    awaitable<bool> take_seen_back(std::span<const found> slice, modseq marked);
    awaitable<error_code> write_messages(std::span<found> slice, std::size_t& written);
    // These say why not: no_such_message when it was expunged meanwhile.
    awaitable<error_code> write_message(found& message);
    awaitable<error_code> write_section(const body_item& item,
                                        const found& message,
                                        const std::vector<message::part>& parts);
    awaitable<error_code> write_filtered(const body_item& item,
                                         const found& message,
                                         section_octets header);
    // --- fetch_binary.cpp ---
    [[nodiscard]] error_code refuse_unknown_encoding(const std::vector<message::part>& parts) const;
    awaitable<error_code> write_binary(const body_item& item,
                                       const found& message,
                                       section_octets where,
                                       const message::part* part);
    awaitable<error_code> send_decoded(binary_reader& from, const body_item& item);
    awaitable<error_code> load_header(const found& message, section_octets header);
    awaitable<error_code> write_pieces(const section_octets& where, const found& message);
    awaitable<error_code> copy_blob(blob_id blob, std::uint64_t offset, std::uint64_t count);

    context& session_;
    pace pace_;
    const fetch_items& items_;
    fetch_writer writer_;
    bool needs_parts_ = false;
    bool needs_summary_ = false;
    bool has_binary_ = false;
    std::uint32_t told_ = 0;
    modseq since_;
    // The header that was filtered last: a client may ask many questions about the same one.
    section_octets header_;
    std::string header_text_;
};

}  // namespace hauspost::imap
