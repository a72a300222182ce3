#include "protocols/imap/session/core/connection.hpp"

#include "base/log.hpp"
#include "protocols/imap/grammar/command_parser.hpp"

#include <exception>
#include <utility>

namespace hauspost::imap {

connection::connection(net::stream& peer,
                       const session_ports& ports,
                       std::shared_ptr<const session_config> config)
    : peer_(peer),
      ports_(ports),
      config_(std::move(config)),
      assembler_(config_->limits),
      turn_(net::lane_of(peer_.peer().address), config_->turn),
      logins_(peer_,
              ports_.credentials,
              ports_.changes,
              *this,
              {"imap", config_->wrong_password_delay, config_->max_failed_logins}) {}

awaitable<void> connection::run() {
    const auto began = std::chrono::steady_clock::now();
    login_until_ = began + config_->login_timeout;
    log::info("start cid={} proto=imap peer={} port={} tls={}", peer_.peer().id.value(),
              peer_.peer().address, peer_.peer().local_port, peer_.is_encrypted());
    try {
        greet();
        co_await serve();
    } catch (const std::exception& fault) {
        log::error("fault cid={} proto=imap what={}", peer_.peer().id.value(),
                   log_safe(fault.what(), 200));
    }
    subscription_.reset();
    owner_news_.reset();
    selected_.reset();
    peer_.close();
    log_end(began);
}

void connection::log_end(std::chrono::steady_clock::time_point began) const {
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    log::info("end cid={} proto=imap in={} out={} took_ms={} reason={}", peer_.peer().id.value(),
              octets_in_, octets_out_, took.count(), log_safe(lost_ ? lost_.message() : "bye"));
}

void connection::request_stop() noexcept {
    ending_ = ending::stop;
    peer_.wake();
}

void connection::on_mail_changed(modseq) noexcept {
    if (!notify_ || notify_->groups.empty()) {
        if (idle_until_) peer_.wake();
        return;
    }
    note_change(*notify_);
    // Who waits for a picture anyway hears of all changes by that.
    const bool waits = notify_->again_at > notify_->last_changed_at;
    if (!waits || selected_group(notify_->groups) != nullptr) peer_.wake();
}

void connection::on_credentials_changed() noexcept {
    if (ending_ == ending::none) ending_ = ending::credentials_changed;
    peer_.wake();
}

void connection::greet() {
    const auto words = "CAPABILITY " + capabilities(capability_now());
    writer().untagged(status::ok, words, config_->hostname + " IMAP4rev1 ready");
}

awaitable<void> connection::serve() {
    while (phase_ != phase::closing && is_open_) {
        if (ending_ != ending::none) {
            end_if_asked();
            break;
        }
        // No switch: g++ 12 destroys what a co_await under a case label never made.
        const auto next = assembler_.next();
        if (next == assembly::need_more) {
            co_await push_if_due();
            co_await wait_for_octets();
            continue;
        }
        // Each command begins in the account's lane, and its answer waits for nobody.
        if (is_turn_over()) co_await yield();
        if (next == assembly::complete)
            co_await execute(assembler_.command());
        else if (next == assembly::append)
            co_await run_append();
        else if (next == assembly::continuation)
            writer().continuation("Ready for more");
        else if (next == assembly::refused)
            refuse(assembler_.refusal());
        if (!co_await make_room()) break;
    }
    co_await flush();
}

void connection::end_if_asked() {
    switch (ending_) {
    case ending::none: return;
    case ending::stop: return say_bye(code::unavailable, "The server shuts down");
    case ending::credentials_changed: return say_bye("", "The account has changed");
    }
}

awaitable<void> connection::execute(std::string_view text) {
    const auto parsed = parse_command(text, enabled_.speaks_utf8(), enabled_.utf8);
    const bool saves = asks_to_save(text);
    if (const auto* why = std::get_if<refusal>(&parsed)) {
        if (saves && why->status == status::no) forget_saved();
        refuse(*why);
        co_return;
    }
    const auto& [tag, wanted] = std::get<tagged_command>(parsed);
    tag_ = tag;
    progress_at_ = looked_at_ = std::chrono::steady_clock::now();
    auto work = answer_to(wanted);
    const answer end = co_await guarded(std::move(work));
    if (saves && end.status == status::no) forget_saved();
    co_await finish_command(tag, rule_of(wanted).name, end);
    tag_.clear();
    if (std::exchange(wants_tls_, false)) co_await upgrade();
    if (std::exchange(wants_compression_, false)) co_await start_compression();
}

awaitable<answer> connection::guarded(awaitable<answer> work) {
    try {
        co_return co_await std::move(work);
    } catch (const std::exception& fault) {  // ours, never the peer's
        log::error("fault cid={} proto=imap what={}", peer_.peer().id.value(),
                   log_safe(fault.what(), 200));
    }
    co_return replies::server_bug();
}

awaitable<answer> connection::answer_to(const command& wanted) {
    const auto& rule = rule_of(wanted);
    if (!is_allowed(rule, phase_)) co_return replies::not_now();
    if (rule.needs_writable && selected_->read_only) co_return replies::mailbox_is_read_only();
    if (enabled_.uid_only && uses_sequence_numbers(wanted)) co_return replies::uid_required();
    const bool by_uid = is_by_uid(wanted);
    // RFC 9051 7.5.1: the UID forms have no sequence numbers that could move.
    if (by_uid && rule.syncs_first) co_await sync(true);
    if (phase_ == phase::closing) co_return replies::no_such_mailbox();
    if (enables_condstore(wanted)) enable_condstore(rule.needs_selection);
    auto work = dispatch(wanted);
    answer end = co_await std::move(work);
    if (may_sync_after(wanted)) co_await sync_after(rule.may_tell_expunge || by_uid);
    const bool has_held = phase_ == phase::selected && selected_->view.has_held_expunges();
    if (passes_over_messages(wanted)) end = tell_left_out(std::move(end), has_held);
    // RFC 7162 3.2.7: now that all is told.
    if (end.tells_modseq && enabled_.qresync && phase_ == phase::selected)
        end.code = "HIGHESTMODSEQ " + std::to_string(selected_->complete.value());
    co_return end;
}

awaitable<answer> connection::dispatch(const command& wanted) {
    return std::visit([this](const auto& one) { return on(one); }, wanted);
}

awaitable<void> connection::finish_command(std::string_view tag,
                                           std::string_view name,
                                           const answer& end) {
    if (!end.is_said) co_return;
    co_await tell_answer(tag, end);
    if (end.status == status::ok) {
        bad_commands_ = 0;
        log::debug("command cid={} proto=imap verb={} answer=OK", peer_.peer().id.value(), name);
        co_return;
    }
    log::info("refuse cid={} proto=imap verb={} answer={} reason={}", peer_.peer().id.value(),
              log_safe(name), end.status == status::no ? "NO" : "BAD", log_safe(end.text));
    if (end.status == status::bad) count_bad_command();
}

/// RFC 5182 2.1: a search that is answered NO leaves `$` empty; BAD leaves it as it was.
void connection::forget_saved() noexcept {
    if (selected_) selected_->saved.clear();
}

void connection::refuse(const refusal& why) {
    log::info("refuse cid={} proto=imap reason={}", peer_.peer().id.value(), log_safe(why.text));
    if (assembler_.must_close()) return say_bye(why.code, why.text);
    writer().refuse(why);
    // A stranger's too long lines cost as much as wrong ones.
    if (why.status == status::bad || phase_ == phase::not_authenticated) count_bad_command();
}

void connection::count_bad_command() {
    const auto most = phase_ == phase::not_authenticated ? config_->max_bad_commands_before_login
                                                         : config_->max_bad_commands;
    if (++bad_commands_ > most) say_bye("", "Too many bad commands");
}

void connection::say_bye(std::string_view response_code, std::string_view text) {
    if (phase_ == phase::closing) return;
    writer().untagged(status::bye, response_code, text);
    phase_ = phase::closing;
}

}  // namespace hauspost::imap
