#include "protocols/imap/session/core/input.hpp"

#include "protocols/imap/session/core/command_end.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>

namespace hauspost::imap {
namespace {

net::stream::duration time_left(const context& session) noexcept {
    const auto& state = session.state;
    const bool is_stranger = state.phase == phase::not_authenticated;
    if (!is_stranger && !state.idle_until) return session.config->autologout;
    const auto end = state.idle_until ? *state.idle_until : state.login_until;
    return std::max<net::stream::duration>(end - session.now(), std::chrono::milliseconds(0));
}

}  // namespace

std::optional<net::stream::duration> time_to_news(const context& session) noexcept {
    const auto& notify = session.state.notify;
    if (!notify || !notify->changed_at) return std::nullopt;
    return std::max<net::stream::duration>(notify->again_at - session.now(),
                                           std::chrono::milliseconds(0));
}

awaitable<input> wait_for_octets(context& session, std::size_t at_most) {
    auto& wire = session.wire;
    if (!co_await wire.flush()) co_return input::gone;
    wire.release_memory();
    auto limit = time_left(session);
    error_code failed = asio::error::timed_out;
    const auto to_news = time_to_news(session);
    const bool waits_for_news = to_news && *to_news < limit;
    if (waits_for_news) limit = *to_news;
    // A peer that always has one more octet for us must not outrun the limit.
    if (limit.count() > 0) failed = co_await wire.peer().wait_readable(limit);
    if (failed == asio::error::operation_aborted) co_return input::woken;
    if (failed == asio::error::timed_out && waits_for_news) co_return input::woken;
    if (failed == asio::error::timed_out) {
        const bool is_stranger = session.state.phase == phase::not_authenticated;
        say_bye(session, "", is_stranger ? "Login took too long" : "Autologout");
        co_return input::gone;
    }
    if (!failed) {
        failed = co_await wire.read_octets(at_most, time_left(session));
        if (!failed) co_return input::octets;
        if (failed == asio::error::timed_out) {
            say_bye(session, "", "No octets came for too long");
            co_return input::gone;
        }
    }
    wire.lose(failed);
    co_return input::gone;
}

awaitable<std::optional<std::string>> read_line(context& session) {
    auto& assembler = session.wire.input();
    while (session.state.ending == ending::none) {
        const auto next = assembler.next_line();
        if (next == assembly::complete) co_return std::string(assembler.command());
        if (next != assembly::need_more) co_return std::nullopt;
        if (co_await wait_for_octets(session) == input::gone) co_return std::nullopt;
    }
    co_return std::nullopt;
}

answer broken_line(context& session) {
    const auto& state = session.state;
    if (!session.is_open() || state.phase == phase::closing) return replies::connection_lost();
    if (state.ending != ending::none) return replies::connection_lost();  // the loop says why
    const auto& why = session.wire.input().refusal();
    if (session.wire.input().must_close()) say_bye(session, why.code, why.text);
    return {why.status, why.code, why.text};
}

}  // namespace hauspost::imap
