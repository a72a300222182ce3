#pragma once

#include "base/awaitable.hpp"
#include "protocols/smtp/capabilities.hpp"
#include "protocols/smtp/client/client_dialogue.hpp"
#include "protocols/smtp/client/client_settings.hpp"
#include "protocols/smtp/client/outgoing_message.hpp"
#include "protocols/smtp/client/send_outcome.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace hauspost::smtp {

/// The outcome of a step whose reply is not the one that was hoped for: a refusal, or an error. A
/// positive reply at the wrong place is no SMTP.
[[nodiscard]] send_outcome refusal(client_step step, const result<remote_reply>& heard);

/// One mail transaction (RFC 5321 3.3): envelope, octets, and what becomes of each recipient.
///
/// Calling sequence: construct, co_await run() once.
///
/// Lifetime: all that it is given must outlive it. Thread: the stream's.
/// RFC  5321, 1870, 2920, 3030, 3461, 6152, 6531, 8689, 9422
class client_transaction {
public:
    client_transaction(client_dialogue& dialogue,
                       const client_settings& settings,
                       const capabilities& offered,
                       const outgoing_message& message,
                       message_source& octets);

    /// Returns  an outcome for each recipient, in their order
    /// Throws   what the source throws; the dialogue is worthless then
    awaitable<std::vector<send_outcome>> run();

    /// The server is left inside of a transaction: RSET has to come next.
    [[nodiscard]] bool must_reset() const noexcept { return must_reset_; }
    /// MAIL was said, so it counts for MAILMAX.
    [[nodiscard]] bool was_begun() const noexcept { return was_begun_; }

private:
    struct said {
        client_step step;  // mail, rcpt or data
        std::size_t recipient = 0;
    };

    // client_transaction.cpp: who is asked for, and the envelope
    [[nodiscard]] std::optional<send_reason> find_lack();
    void choose_recipients();
    awaitable<void> send_envelope();
    std::vector<said> say_group();
    void say(said what);
    void hear(said what, const result<remote_reply>& heard);
    void hear_recipient(std::size_t recipient, const result<remote_reply>& heard);
    [[nodiscard]] net::stream::duration limit_of(client_step step) const noexcept;
    [[nodiscard]] bool uses_chunks() const noexcept;
    void decide(std::size_t recipient, send_outcome outcome);
    void decide_accepted(const send_outcome& outcome);
    void decide_rest(const send_outcome& outcome);

    // client_message.cpp: the octets
    awaitable<void> send_data();
    awaitable<void> send_chunks();
    awaitable<bool> write_piece(std::string_view piece);
    awaitable<bool> write_out();
    awaitable<bool> write_chunk(std::string_view chunk);
    awaitable<void> write_last_chunk(std::string_view chunk);
    awaitable<bool> hear_chunks(std::size_t left);
    awaitable<void> end_empty_data();
    awaitable<void> hear_end();
    void break_off(error_code failed);
    void note_progress(std::size_t octets);

    client_dialogue& dialogue_;
    const client_settings& settings_;
    const capabilities& offered_;
    const outgoing_message& message_;
    message_source& octets_;

    cmd::mail mail_;                                     // as it is said
    std::vector<std::optional<send_outcome>> outcomes_;  // by recipient
    std::vector<std::size_t> chosen_;                    // recipients of this transaction
    std::vector<std::size_t> accepted_;                  // of these, so far
    std::size_t next_ = 0;                               // of chosen_: to be said
    bool was_begun_ = false;
    bool is_mail_refused_ = false;
    bool is_full_ = false;  // the server takes no more recipients
    bool is_data_said_ = false;
    bool takes_data_ = false;  // 354
    bool must_reset_ = false;
    std::size_t chunks_owed_ = 0;  // replies to BDAT
    std::optional<send_outcome> chunk_refusal_;
};

}  // namespace hauspost::smtp
