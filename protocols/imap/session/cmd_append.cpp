#include "protocols/imap/session/connection.hpp"
#include "protocols/message/summary.hpp"

#include <utility>

namespace hauspost::imap {
namespace {

// What is read at once of a message that comes in.
constexpr std::size_t append_read_octets = 64 * 1024;
// A larger message is parsed on a worker thread (about 1 ms per megabyte).
constexpr std::size_t large_message_octets = 128 * 1024;

bool set_summary(storage::append_request& request, std::string_view octets) {
    const auto summary = message::summarize(octets);
    request.summary = message::encode(summary);
    request.thread = message::thread_of(summary);
    return true;
}

}  // namespace

/// A message on its way in.
struct incoming_append {
    std::string tag;
    storage::mailbox_key mailbox;
    std::uint32_t rights = 0;
    std::shared_ptr<storage::staged_blob> blob;
    bool has_nul = false;
};

/// RFC 9051 6.3.12. The message goes into the store as it arrives; it is stored only when the
/// command's end was right too. Whatever happens, the command is read to its end, so that no octet
/// of a message is ever taken for a command (B02, B14).
awaitable<void> connection::run_append() {
    const auto head = assembler_.append();
    incoming_append incoming;
    answer end;
    if (!is_allowed(rules::append, phase_)) {
        end = replies::not_now();
    } else {
        auto begin = begin_append(head.command, incoming);
        end = co_await guarded(std::move(begin));
    }
    if (end.status == status::ok) {
        assembler_.accept_append();
        if (head.command.is_synchronising) writer().continuation("Ready for the message");
    } else {
        assembler_.refuse_append();
    }
    if (!co_await receive_append(incoming, end)) co_return;
    if (end.status == status::ok) {
        auto store = store_append(head.command, incoming);
        end = co_await guarded(std::move(store));
    }
    finish_command(head.tag, rules::append.name, end);
}

awaitable<answer> connection::begin_append(const cmd::append& wanted, incoming_append& incoming) {
    std::string name = wanted.mailbox;
    const auto target = co_await permit_insert(std::move(name));
    if (!target.mailbox) co_return target.refused;
    if (wanted.octets == 0) co_return replies::no(code::cannot, "An empty message is none");
    incoming.mailbox = target.mailbox->key();
    incoming.rights = target.mailbox->rights;
    incoming.blob = ports_.blobs.stage(wanted.octets);
    co_return replies::ok("");
}

/// Takes the message and the rest of the command. False: the command was answered already, or the
/// client is gone.
awaitable<bool> connection::receive_append(incoming_append& incoming, answer& end) {
    for (;;) {
        if (!co_await make_room()) co_return false;
        const auto octets = assembler_.take_literal();
        if (!octets.empty()) {
            if (end.status != status::ok) continue;  // thrown away
            auto write = write_append(incoming, octets);
            end = co_await guarded(std::move(write));
            if (end.status != status::ok) incoming.blob.reset();
            continue;
        }
        if (assembler_.literal_left() == 0) {
            switch (assembler_.next()) {
            case assembly::append_end: co_return true;
            case assembly::refused: refuse(assembler_.refusal()); co_return false;
            case assembly::need_more: break;
            case assembly::complete:
            case assembly::continuation:
            case assembly::append: co_return false;  // the assembler never says this here
            }
        }
        if (!co_await flush()) co_return false;
        if (!co_await read_octets(append_read_octets)) co_return false;
        if (ending_ != ending::none) co_return false;
    }
}

awaitable<answer> connection::write_append(incoming_append& incoming, std::string_view octets) {
    // RFC 9051 9: a literal has no NUL, and nobody could fetch such a message again.
    if (octets.find('\0') != std::string_view::npos)
        co_return replies::no(code::cannot, "The message has NUL octets");
    const auto failed = co_await incoming.blob->write(octets);
    co_return failed ? replies::refused(failed) : replies::ok("");
}

awaitable<answer> connection::store_append(const cmd::append& wanted, incoming_append& incoming) {
    const auto failed = co_await incoming.blob->finish();
    if (failed) co_return replies::refused(failed);
    storage::append_request request;
    request.mailbox = incoming.mailbox;
    request.blob = incoming.blob;
    if (incoming.blob->octets() <= large_message_octets) {
        set_summary(request, incoming.blob->view());
    } else {
        auto work = [&request, blob = incoming.blob] { return set_summary(request, blob->view()); };
        const auto done = co_await ports_.workers.run(std::move(work));
        if (!done) co_return replies::refused(make_error_code(storage::errc::busy));
    }
    // RFC 4314 4: flags without the right to them are not stored.
    const auto may_set = to_flag_mask(incoming.rights);
    request.flags.system = wanted.flags.system & may_set.system;
    if (may_set.keywords) request.flags.keywords = wanted.flags.keywords;
    if (wanted.internal_date) {
        request.internal_date.unix_seconds = wanted.internal_date->unix_seconds;
        request.internal_date.zone_minutes = wanted.internal_date->zone_minutes;
    } else {
        request.internal_date.unix_seconds =
            std::chrono::system_clock::to_time_t(ports_.time.now());
    }
    const auto stored = co_await ports_.mail.append(std::move(request));
    if (!stored) {
        const bool is_gone = stored.error() == storage::errc::no_such_mailbox;
        co_return is_gone ? replies::try_create() : replies::refused(stored.error());
    }
    co_await sync_after(true);
    // RFC 4315 3.
    const auto words = "APPENDUID " + std::to_string(stored->uid_validity.value()) + ' ' +
                       std::to_string(stored->uid.value());
    co_return answer(status::ok, words, "Stored");
}

}  // namespace hauspost::imap
