#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/grammar/append_parser.hpp"
#include "protocols/imap/grammar/imap_url.hpp"
#include "protocols/imap/session/core/replies.hpp"
#include "storage/mailbox_store.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::imap {

class connection;

/// One APPEND or REPLACE on its way: one message or several, each a literal or catenated of
/// literals and of octets of other messages. They go into staged blobs as they arrive and into the
/// mailbox in one commit when the command's end was right too: all or none (B14). Whatever
/// happens, the command is read to its end, so that no octet of a message is ever taken for a
/// command (B02).
///
/// Memory and descriptors: those of the message that comes in, and 64 KiB. What waits beyond that
/// for the end of the command is laid down where it will stay; all together that is no more than
/// limits::append_command_octets. Summaries of several messages may have 1 MiB together.
/// RFC  9051 6.3.12, 3502, 4315 3, 4469, 8508, 9755 4
class append_run {
public:
    explicit append_run(connection& session) : session_(session) {}

    /// Precondition: the assembler has just said assembly::append.
    awaitable<void> run();

private:
    /// What follows the octets of a step.
    enum class next : std::uint8_t { step, end, nothing };

    awaitable<answer> begin(const cmd::append& wanted);
    awaitable<answer> take_step(const append_head& head);
    awaitable<answer> begin_message(const append_message& begun, std::uint64_t expected_octets);
    awaitable<answer> end_message();
    awaitable<answer> make_way();
    void give_up();
    awaitable<answer> write(std::string_view octets);
    awaitable<next> receive(answer& end);
    awaitable<answer> store();
    /// Why the message that comes in cannot have so many octets more.
    [[nodiscard]] std::optional<answer> refuse_size(std::uint64_t more) const;
    answer stored(const std::vector<storage::append_result>& all);
    [[nodiscard]] std::optional<answer> resolve_replaced(const cmd::replaced_number& wanted);

    // --- append_urls.cpp ---
    struct source;
    awaitable<answer> add_url(const std::string& text);
    awaitable<answer> find_source(const imap_url& url, source& found);
    awaitable<answer> copy(const source& from, const imap_url& url);
    awaitable<answer> copy_blob(blob_id blob, std::uint64_t offset, std::uint64_t count);

    connection& session_;
    std::string tag_;
    bool is_first_ = true;
    bool is_catenated_ = false;
    bool is_literal8_ = false;
    storage::mailbox_key mailbox_;
    mail::flag_mask may_set_;  // RFC 4314 4
    std::optional<storage::replaced_message> replaced_;
    std::vector<storage::append_request> ready_;
    std::uint64_t ready_octets_ = 0;
    std::size_t laid_down_ = 0;        // the first so many of ready_
    std::size_t summary_octets_ = 0;   // of ready_
    std::uint64_t staged_octets_ = 0;  // of the others
    // The message that comes in now; no blob: none.
    storage::append_request coming_;
};

}  // namespace hauspost::imap
