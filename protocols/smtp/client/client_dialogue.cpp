#include "protocols/smtp/client/client_dialogue.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

namespace hauspost::smtp {
namespace {

constexpr std::size_t full_octets = std::size_t{64} << 10;
constexpr std::size_t reply_octets_at_once = std::size_t{4} << 10;
/// What a server that has gone may have said before.
constexpr int max_last_reads = 4;

class dialogue_error_category final : public boost::system::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "smtp"; }
    [[nodiscard]] std::string message(int code) const override {
        switch (static_cast<dialogue_errc>(code)) {
        case dialogue_errc::bad_syntax: return "the server's answer is not a valid reply";
        case dialogue_errc::mixed_codes: return "a reply whose lines have different codes";
        case dialogue_errc::line_too_long: return "a line of a reply is too long";
        case dialogue_errc::reply_too_long: return "a reply is too long";
        case dialogue_errc::unasked_reply: return "a reply that no command asked for";
        case dialogue_errc::octets_before_tls:
            return "octets in the clear behind the reply to STARTTLS";
        }
        return "unknown";
    }
};

dialogue_errc errc_of(reply_fault fault) noexcept {
    switch (fault) {
    case reply_fault::mixed_codes: return dialogue_errc::mixed_codes;
    case reply_fault::line_too_long: return dialogue_errc::line_too_long;
    case reply_fault::too_long: return dialogue_errc::reply_too_long;
    case reply_fault::none:
    case reply_fault::bad_syntax: break;
    }
    return dialogue_errc::bad_syntax;
}

sessions::channel_settings settings_of(const client_settings& settings) {
    sessions::channel_settings made;
    made.write_timeout = settings.timeouts.data_block;
    made.full_octets = full_octets;
    return made;
}

}  // namespace

const boost::system::error_category& dialogue_category() noexcept {
    static const dialogue_error_category category;
    return category;
}

error_code make_error_code(dialogue_errc code) noexcept {
    return {static_cast<int>(code), dialogue_category()};
}

client_dialogue::client_dialogue(net::stream& server,
                                 const monotonic_clock& time,
                                 const client_settings& settings)
    : channel_(server, time, settings_of(settings)),
      reader_(reply_octets_at_once),
      parser_(settings.replies) {}

error_code client_dialogue::fail(error_code why) noexcept {
    if (!is_over_) why_over_ = why;
    is_over_ = true;
    return why_over_;
}

result<remote_reply> client_dialogue::why_over() const {
    if (last_words_.code != 0) return last_words_;
    return why_over_;
}

void client_dialogue::end_at(steady_time last) noexcept {
    end_ = last;
    server().end_at(last);
}

/// A whole reply, or a fault, out of what has come.
std::optional<result<remote_reply>> client_dialogue::parse() {
    const auto step = parser_.feed(std::as_const(reader_).buffered());
    reader_.consume(step.consumed);
    if (step.status == reply_status::need_more) return std::nullopt;
    if (step.status == reply_status::fault)
        return result<remote_reply>(fail(errc_of(parser_.fault())));
    auto reply = parser_.take();
    if (reply.code == 421) {
        last_words_ = reply;
        fail(asio::error::eof);
    }
    return result<remote_reply>(std::move(reply));
}

awaitable<error_code> client_dialogue::flush() {
    if (is_over_) co_return why_over_;
    if (owed_ == 0 && has_input()) {
        // Only "I am closing" may come at any time (RFC 5321 3.8).
        const auto unasked = parse();
        if (!is_over_) fail(dialogue_errc::unasked_reply);
        co_return why_over_;
    }
    owed_ += std::exchange(unsaid_, 0);
    const bool is_written = co_await channel_.flush();
    if (is_written) co_return error_code();
    fail(channel_.why_lost());
    co_await hear_last_words();
    co_return why_over_;
}

/// A server that refuses and goes while we still speak: its reply may be there.
awaitable<void> client_dialogue::hear_last_words() {
    for (int reads = 0; reads < max_last_reads; ++reads) {
        const auto room = reader_.room(reply_octets_at_once);
        const auto got = co_await server().read_some(room, std::chrono::milliseconds(1));
        if (!got) co_return;
        reader_.added(*got);
        for (auto heard = parse(); heard; heard = parse()) {
            if (!*heard) co_return;
            if ((*heard)->code < 400) continue;
            last_words_ = **heard;
            co_return;
        }
    }
}

awaitable<result<remote_reply>> client_dialogue::reply(net::stream::duration limit) {
    const auto until = std::min(now() + limit, end_);
    const auto failed = co_await flush();
    if (failed) co_return why_over();
    for (;;) {
        auto heard = parse();
        if (heard) {
            if (*heard && owed_ != 0) --owed_;
            co_return std::move(*heard);
        }
        const auto came = co_await channel_.read(reader_, reply_octets_at_once, until);
        if (came == sessions::input::timed_out) co_return fail(asio::error::timed_out);
        if (came == sessions::input::lost) co_return fail(channel_.why_lost());
    }
}

awaitable<error_code> client_dialogue::start_tls(net::stream::duration limit) {
    if (is_over_) co_return why_over_;
    // What is read after the handshake must have come through it.
    if (has_input()) co_return fail(dialogue_errc::octets_before_tls);
    const auto failed = co_await server().start_tls(limit);
    if (failed) co_return fail(failed);
    co_return error_code();
}

}  // namespace hauspost::smtp
