#include "protocols/smtp/client/client_transaction.hpp"
#include "protocols/wire/dot_codec.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace hauspost::smtp {
namespace {

constexpr std::size_t piece_octets = std::size_t{64} << 10;
constexpr std::size_t chunk_octets = std::size_t{128} << 10;
/// Chunks that are under way at once, where PIPELINING is offered: a line of 100 ms then carries
/// 10 MB a second.
constexpr std::size_t max_chunks_owed = 8;

}  // namespace

/// The last moment of the transaction moves with the octets, so that a large message may take its
/// time and a slow reader none without end.
void client_transaction::note_progress(std::size_t octets) {
    const auto rate = std::max<std::uint64_t>(settings_.timeouts.min_data_rate, 1);
    dialogue_.extend(std::chrono::milliseconds(octets * 1000 / rate));
}

/// The rest of the message cannot be had, and what was said of it must not be taken for all: the
/// connection ends within it.
void client_transaction::break_off(error_code failed) {
    send_outcome outcome;
    outcome.reason = send_reason::source_failed;
    outcome.step = client_step::message;
    outcome.error = failed;
    decide_accepted(outcome);
    dialogue_.give_up(failed);
}

awaitable<bool> client_transaction::write_piece(std::string_view piece) {
    note_progress(piece.size());
    if (!dialogue_.is_full()) co_return true;
    co_return co_await write_out();
}

/// Writes what is gathered of the message. False: the dialogue is over.
awaitable<bool> client_transaction::write_out() {
    const auto failed = co_await dialogue_.flush();
    if (!failed) co_return true;
    decide_accepted(refusal(client_step::message, dialogue_.why_over()));
    co_return false;
}

awaitable<void> client_transaction::send_data() {
    wire::dot_encoder encoder;
    for (;;) {
        const auto got = co_await octets_.next();
        if (!got) {
            break_off(got.error());
            co_return;
        }
        if (got->empty()) break;
        for (auto rest = *got; !rest.empty();) {
            const auto piece = rest.substr(0, piece_octets);
            rest.remove_prefix(piece.size());
            encoder.encode(piece, dialogue_.out());
            const bool goes_on = co_await write_piece(piece);
            if (!goes_on) co_return;
        }
    }
    // All but the end: so that it is known on which side of it the connection is lost.
    const bool goes_on = co_await write_out();
    if (!goes_on) co_return;
    encoder.finish(dialogue_.out());
    dialogue_.asks();
    co_await hear_end();
}

/// The reply to the whole message. From here on the server may have taken it on, whatever becomes
/// of the connection (RFC 1047).
awaitable<void> client_transaction::hear_end() {
    const auto heard = co_await dialogue_.reply(settings_.timeouts.data_end);
    send_outcome outcome = refusal(client_step::end_of_data, heard);
    if (heard && heard->is_positive()) {
        outcome.verdict = send_verdict::delivered;
        outcome.reason = send_reason::replied;
    } else if (!heard || heard->code < 400) {
        outcome.reason = send_reason::unsure;
    }
    decide_accepted(outcome);
}

/// A server that wants the octets of a message to nobody gets none (RFC 2920 3.1).
awaitable<void> client_transaction::end_empty_data() {
    dialogue_.out() += ".\r\n";
    dialogue_.asks();
    co_await dialogue_.reply(settings_.timeouts.data_end);  // the recipients have theirs
}

awaitable<void> client_transaction::send_chunks() {
    const bool is_binary = mail_.params.body == body_type::binary;
    wire::newline_mender mender;
    std::string chunk;
    for (;;) {
        const auto got = co_await octets_.next();
        if (!got) {
            break_off(got.error());
            co_return;
        }
        if (got->empty()) break;
        for (auto rest = *got; !rest.empty();) {
            if (chunk.size() >= chunk_octets) {
                const bool goes_on = co_await write_chunk(chunk);
                if (!goes_on) co_return;
                chunk.clear();
            }
            const auto piece = rest.substr(0, chunk_octets - chunk.size());
            rest.remove_prefix(piece.size());
            if (is_binary)
                chunk += piece;
            else
                mender.mend(piece, chunk);
        }
    }
    const bool goes_on = co_await hear_chunks(0);
    if (goes_on) co_await write_last_chunk(chunk);
}

/// False: the transaction is over.
awaitable<bool> client_transaction::write_chunk(std::string_view chunk) {
    auto& out = dialogue_.out();
    out += "BDAT " + std::to_string(chunk.size()) + "\r\n";
    out += chunk;
    dialogue_.asks();
    note_progress(chunk.size());
    ++chunks_owed_;
    co_return co_await hear_chunks(offered_.pipelining ? max_chunks_owed - 1 : 0);
}

/// The last octet goes alone, as the end of DATA does.
awaitable<void> client_transaction::write_last_chunk(std::string_view chunk) {
    auto& out = dialogue_.out();
    out += "BDAT " + std::to_string(chunk.size()) + " LAST\r\n";
    note_progress(chunk.size());
    if (!chunk.empty()) {
        out += chunk.substr(0, chunk.size() - 1);
        const bool goes_on = co_await write_out();
        if (!goes_on) co_return;
        dialogue_.out() += chunk.back();
    }
    dialogue_.asks();
    co_await hear_end();
}

/// Hears replies to chunks until so many are owed. False: one was refused, or the dialogue is over.
awaitable<bool> client_transaction::hear_chunks(std::size_t left) {
    if (chunks_owed_ <= left) {
        const auto failed = co_await dialogue_.flush();
        if (!failed) co_return true;
        chunk_refusal_ = refusal(client_step::message, dialogue_.why_over());
    }
    while (chunks_owed_ > left) {
        const auto heard = co_await dialogue_.reply(settings_.timeouts.data_block);
        --chunks_owed_;
        if (heard && heard->is_positive()) continue;
        if (!chunk_refusal_) chunk_refusal_ = refusal(client_step::message, heard);
        left = 0;  // the others are answered, too
        if (dialogue_.is_over()) break;
    }
    if (!chunk_refusal_) co_return true;
    decide_accepted(*chunk_refusal_);
    must_reset_ = true;
    co_return false;
}

}  // namespace hauspost::smtp
