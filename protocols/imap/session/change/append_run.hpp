#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/grammar/append_parser.hpp"
#include "protocols/imap/grammar/imap_url.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/session/core/or_answer.hpp"
#include "protocols/ingest/arriving_message.hpp"
#include "storage/mailbox_store.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::imap {

/// One APPEND or REPLACE on its way: one message or several, each a literal or catenated of
/// literals and of octets of other messages. They go into staged blobs as they arrive and into the
/// mailbox in one commit when the command's end was right too: all or none. Whatever happens,
/// the command is read to its end, so that no octet of a message is ever taken for a command.
///
/// Memory and descriptors: those of the message that comes in, and 64 KiB. What waits beyond that
/// for the end of the command is laid down where it will stay; all together that is no more than
/// limits::append_command_octets. Summaries of several messages may have 1 MiB together.
/// RFC  9051 6.3.12, 3502, 4315 3, 4469, 8508, 9755 4
class append_run {
public:
    explicit append_run(context& session) : session_(session) {}

    /// Reads the command and does what it asks for, unless it may not.
    ///
    /// Precondition: the assembler has just said assembly::append.
    /// may      the gate's word on the command (rules.hpp); an answer: only read to its end
    /// Returns  the command's end; nullopt: it was answered already, or the client is gone
    awaitable<std::optional<answer>> run(or_answer<> may);

private:
    /// What follows the octets of a step.
    enum class next : std::uint8_t { step, end, nothing };

    awaitable<or_answer<>> begin(const cmd::append& wanted);
    awaitable<or_answer<>> take_step(const append_head& head);
    awaitable<or_answer<>> begin_message(const append_message& begun);
    awaitable<or_answer<>> end_message();
    awaitable<or_answer<>> make_way();
    void give_up();
    awaitable<or_answer<>> write(std::string_view octets);
    awaitable<next> receive(or_answer<>& may);
    awaitable<answer> store();
    /// May the message that comes in have so many octets more?
    [[nodiscard]] or_answer<> may_grow(std::uint64_t more) const;
    answer stored(const std::vector<storage::append_result>& all);
    [[nodiscard]] or_answer<storage::replaced_message> find_replaced(
        const cmd::replaced_number& wanted) const;

    // --- append_urls.cpp ---
    struct source;
    awaitable<or_answer<>> add_url(const std::string& text);
    awaitable<std::optional<source>> find_source(const imap_url& url);
    awaitable<or_answer<>> copy(const source& from, const imap_url& url);
    awaitable<or_answer<>> copy_filtered(const source& from, const imap_url& url);
    awaitable<or_answer<>> copy_blob(blob_id blob, std::uint64_t offset, std::uint64_t count);

    context& session_;
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
    std::optional<ingest::arriving_message> coming_;
    storage::append_request wanted_;  // what becomes of it; its blob and summary come at its end
};

}  // namespace hauspost::imap
