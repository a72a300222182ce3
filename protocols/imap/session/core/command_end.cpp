#include "protocols/imap/session/core/command_end.hpp"

#include "base/log.hpp"

#include <exception>
#include <span>

namespace hauspost::imap {
namespace {

// A list of ranges is written in pieces of this size.
constexpr std::size_t ranges_octets = 32 * 1024;

awaitable<bool> tell_ranges(context& session, std::span<const number_range> ranges) {
    std::size_t told = 0;
    while (told < ranges.size()) {
        if (told > 0) session.writer().raw(',');
        told += session.writer().ranges(ranges.subspan(told), ranges_octets);
        if (!co_await session.make_room()) co_return false;
    }
    co_return true;
}

void count_bad_command(context& session) {
    const auto& config = *session.config;
    const bool is_stranger = session.state.phase == phase::not_authenticated;
    const auto most = is_stranger ? config.max_bad_commands_before_login : config.max_bad_commands;
    if (++session.state.bad_commands > most) say_bye(session, "", "Too many bad commands");
}

}  // namespace

awaitable<bool> tell_answer(context& session, std::string_view tag, const answer& end) {
    if (end.sets.empty()) {
        session.writer().tagged(tag, end.status, end.code, end.text);
        co_return session.is_open();
    }
    session.writer().tagged_head(tag, end.status, end.code);
    for (const auto& set : end.sets) {
        session.writer().raw(' ');
        const std::span<const number_range> ranges(set);
        if (!co_await tell_ranges(session, ranges)) co_return false;
    }
    session.writer().tagged_end(end.text);
    co_return true;
}

awaitable<void> finish_command(context& session,
                               std::string_view tag,
                               std::string_view name,
                               const answer& end) {
    if (!end.is_said) co_return;
    co_await tell_answer(session, tag, end);
    if (end.status == status::ok) {
        session.state.bad_commands = 0;
        session.log.debug("command", "verb={} answer=OK", name);
        co_return;
    }
    session.log.info("refuse", "verb={} answer={} reason={}", log_safe(name),
                     end.status == status::no ? "NO" : "BAD", log_safe(end.text));
    if (end.status == status::bad) count_bad_command(session);
}

void refuse(context& session, const refusal& why) {
    session.log.info("refuse", "reason={}", log_safe(why.text));
    if (session.wire.input().must_close()) return say_bye(session, why.code, why.text);
    session.writer().refuse(why);
    // A stranger's too long lines cost as much as wrong ones.
    if (why.status == status::bad || session.state.phase == phase::not_authenticated)
        count_bad_command(session);
}

void say_bye(context& session, std::string_view response_code, std::string_view text) {
    if (session.state.phase == phase::closing) return;
    session.writer().untagged(status::bye, response_code, text);
    session.state.phase = phase::closing;
}

}  // namespace hauspost::imap
