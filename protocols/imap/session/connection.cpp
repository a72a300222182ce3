#include "protocols/imap/session/connection.hpp"

#include "base/log.hpp"
#include "protocols/imap/grammar/command_parser.hpp"
#include "protocols/imap/session/change/append_run.hpp"
#include "protocols/imap/session/commands.hpp"
#include "protocols/imap/session/core/command_end.hpp"
#include "protocols/imap/session/core/input.hpp"
#include "protocols/imap/session/core/selection.hpp"
#include "protocols/imap/session/login/commands.hpp"
#include "protocols/imap/session/news/notify_push.hpp"
#include "protocols/imap/session/news/sync.hpp"

#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace hauspost::imap {

connection::connection(net::stream& peer,
                       const session_ports& ports,
                       std::shared_ptr<const session_config> config)
    : context_(peer, ports, std::move(config), *this) {}

awaitable<void> connection::run() {
    const auto began = context_.now();
    context_.state.login_until = began + context_.config->login_timeout;
    log_start();
    try {
        greet();
        co_await serve();
    } catch (const std::exception& fault) {
        context_.log.fault(fault);
    }
    context_.state.subscription.reset();
    context_.state.deselect();
    context_.wire.peer().close();
    log_end(began);
}

void connection::log_start() const {
    const auto& peer = context_.wire.peer();
    context_.log.info("start", "peer={} port={} tls={}", peer.peer().address,
                      peer.peer().local_port, peer.is_encrypted());
}

void connection::log_end(steady_time began) const {
    const auto& wire = context_.wire;
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(context_.now() - began);
    const auto lost = wire.why_lost();
    context_.log.info("end", "in={} out={} took_ms={} reason={}", wire.octets_in(),
                      wire.octets_out(), took.count(), log_safe(lost ? lost.message() : "bye"));
}

void connection::request_stop() noexcept {
    context_.state.ending = ending::stop;
    context_.wire.peer().wake();
}

void connection::on_mail_changed(modseq) noexcept {
    auto& state = context_.state;
    ++state.heard;
    auto& peer = context_.wire.peer();
    if (!state.notify || state.notify->groups.empty()) {
        if (state.idle_until) peer.wake();
        return;
    }
    auto& watch = *state.notify;
    watch.note_change(context_.now());
    // Who waits for a picture anyway hears of all changes by that.
    const bool waits = watch.again_at > watch.last_changed_at;
    if (!waits || selected_group(watch.groups) != nullptr) peer.wake();
}

void connection::on_credentials_changed() noexcept {
    if (context_.state.ending == ending::none) context_.state.ending = ending::credentials_changed;
    context_.wire.peer().wake();
}

void connection::greet() {
    const auto words = context_.capability_words();
    context_.writer().untagged(status::ok, words, context_.config->hostname + " IMAP4rev1 ready");
}

awaitable<void> connection::serve() {
    auto& input = context_.wire.input();
    while (context_.state.phase != phase::closing && context_.is_open()) {
        if (context_.state.ending != ending::none) {
            end_if_asked();
            break;
        }
        // No switch: g++ 12 destroys what a co_await under a case label never made.
        const auto next = input.next();
        if (next == assembly::need_more) {
            co_await push_if_due(context_);
            co_await wait_for_octets(context_);
            continue;
        }
        // Each command begins in the account's lane, and its answer waits for nobody.
        if (context_.is_turn_over()) co_await context_.yield();
        if (next == assembly::complete)
            co_await execute(input.command());
        else if (next == assembly::append)
            co_await execute_append();
        else if (next == assembly::continuation)
            context_.writer().continuation("Ready for more");
        else if (next == assembly::refused)
            refuse(context_, input.refusal());
        if (!co_await context_.make_room()) break;
    }
    co_await context_.flush();
}

void connection::end_if_asked() {
    switch (context_.state.ending) {
    case ending::none: return;
    case ending::stop: return say_bye(context_, code::unavailable, "The server shuts down");
    case ending::credentials_changed: return say_bye(context_, "", "The account has changed");
    }
}

awaitable<void> connection::execute(std::string_view text) {
    auto& state = context_.state;
    const auto& enabled = state.enabled;
    const auto parsed = parse_command(text, enabled.speaks_utf8(), enabled.utf8);
    const bool saves = asks_to_save(text);
    if (const auto* why = std::get_if<refusal>(&parsed)) {
        if (saves && why->status == status::no) forget_saved();
        refuse(context_, *why);
        co_return;
    }
    const auto& [tag, wanted] = std::get<tagged_command>(parsed);
    state.tag = tag;
    state.heard_at = state.looked_at = context_.now();
    auto work = answer_to(wanted);
    const answer end = co_await guarded(context_, std::move(work));
    if (saves && end.status == status::no) forget_saved();
    co_await finish_command(context_, tag, rule_of(wanted).name, end);
    state.tag.clear();
    co_await follow_up();
}

awaitable<answer> connection::answer_to(const command& wanted) {
    auto& state = context_.state;
    const auto& rule = rule_of(wanted);
    const auto may = may_run(rule, state, uses_sequence_numbers(wanted));
    if (!may) co_return may.end();
    const bool by_uid = is_by_uid(wanted);
    // RFC 9051 7.5.1: the UID forms have no sequence numbers that could move.
    if (by_uid && rule.syncs_first) co_await sync(context_, true);
    if (state.phase == phase::closing) co_return replies::no_such_mailbox();
    if (enables_condstore(wanted)) enable_condstore(context_, rule.needs_selection);
    auto work = dispatch(context_, wanted);
    answer end = co_await std::move(work);
    if (syncs_after(rule, state)) co_await sync_after(context_, rule.may_tell_expunge || by_uid);
    const bool is_selected = state.phase == phase::selected;
    const bool has_held = is_selected && state.selected->view.has_held_expunges();
    if (passes_over_messages(wanted)) end = with_left_out(context_, std::move(end), has_held);
    // RFC 7162 3.2.7: now that all is told.
    if (end.tells_modseq && state.enabled.qresync && is_selected)
        end.code = "HIGHESTMODSEQ " + std::to_string(state.selected->complete.value());
    co_return end;
}

awaitable<void> connection::execute_append() {
    const auto tag = context_.wire.input().append().tag;
    const auto& wanted = context_.wire.input().append().command;
    const auto& rule = rule_of(wanted);
    auto may = may_run(rule, context_.state, uses_sequence_numbers(wanted));
    append_run appending(context_);
    const auto end = co_await appending.run(std::move(may));
    if (!end) co_return;
    if (syncs_after(rule, context_.state)) co_await sync_after(context_, rule.may_tell_expunge);
    co_await finish_command(context_, tag, rule.name, *end);
}

awaitable<void> connection::follow_up() {
    // No switch: as in serve().
    const auto wanted = std::exchange(context_.state.follow_up, imap::follow_up::none);
    if (wanted == imap::follow_up::start_tls) co_await start_tls(context_);
    if (wanted == imap::follow_up::start_compression) co_await start_compression(context_);
}

/// RFC 5182 2.1: a search that is answered NO leaves `$` empty; BAD leaves it as it was.
void connection::forget_saved() noexcept {
    if (context_.state.selected) context_.state.selected->saved.clear();
}

}  // namespace hauspost::imap
