#include "server/outbound/forward_watch.hpp"

#include "base/address.hpp"
#include "base/log.hpp"
#include "protocols/message/encoded_word.hpp"
#include "server/outbound/reply_meaning.hpp"

#include <exception>
#include <utility>

namespace hauspost::outbound {
namespace {

/// How people call what sends on.
std::string shown_forwarder(const storage::mail_address& by, language speech) {
    if (by.front() != '@') return address::shown(by);
    const auto domain = address::shown(std::string_view(by).substr(1));
    return (speech == language::german ? "der Catch-all von " : "the catch-all of ") + domain;
}

delivery::owner_letter in_german(const storage::forward_state& state) {
    const auto by = shown_forwarder(state.way.by, language::german);
    const auto target = address::shown(state.way.target);
    delivery::owner_letter made;
    made.subject = "Weiterleitung angehalten: " + target;
    made.text =
        "Hauspost leitet Mail nicht mehr weiter:\r\n\r\n  von  " + by + "\r\n  an   " + target +
        "\r\n\r\nDer Server des Empfängers hat mehrmals gesagt, dass es diese Adresse nicht "
        "gibt, zuletzt so:\r\n\r\n  " +
        message::without_controls(state.reply) +
        "\r\n\r\nMail an ein Konto bleibt jetzt dort im Posteingang. Führt ein Alias oder "
        "Catch-all sonst nirgendwohin, wird Mail daran abgelehnt, und der Absender erfährt "
        "es.\r\n\r\nBitte die Weiterleitung ändern. Stimmt die Adresse doch, setzt dies sie "
        "fort:\r\n\r\n  hauspost forward resume " +
        state.way.by + ' ' + state.way.target + "\r\n";
    return made;
}

delivery::owner_letter in_english(const storage::forward_state& state) {
    const auto by = shown_forwarder(state.way.by, language::english);
    const auto target = address::shown(state.way.target);
    delivery::owner_letter made;
    made.subject = "Forward suspended: " + target;
    made.text = "Hauspost does not send mail on any more:\r\n\r\n  from  " + by + "\r\n  to    " +
                target +
                "\r\n\r\nThe recipient's server has said several times that there is no such "
                "address, the last time so:\r\n\r\n  " +
                message::without_controls(state.reply) +
                "\r\n\r\nMail to an account stays in its inbox now. Where an alias or catch-all "
                "leads to nobody else, mail to it is refused, and its sender learns that.\r\n\r\n"
                "Please change the forward. If the address is right after all, this goes on with "
                "it:\r\n\r\n  hauspost forward resume " +
                state.way.by + ' ' + state.way.target + "\r\n";
    return made;
}

}  // namespace

bool says_nobody_is_there(std::string_view reply) {
    const auto words = words_of(reply);
    if (words.code != 0 && words.code / 100 != 5) return false;
    switch (meaning_of(words)) {
    case reply_meaning::unknown_recipient:
    case reply_meaning::recipient_disabled:
    case reply_meaning::unknown_domain: return true;
    default: return false;
    }
}

awaitable<void> forward_watch::note(const storage::queue_recipient& row,
                                    const attempt_result& result) {
    if (row.forwarded_by.empty()) co_return;
    try {
        co_await count(row, result);
    } catch (const std::exception& fault) {
        log::error("fault proto=send what={}", log_safe(fault.what()));
    }
}

awaitable<void> forward_watch::count(const storage::queue_recipient& row,
                                     const attempt_result& result) {
    storage::forward_way way;
    way.by = row.forwarded_by;
    way.target = row.to;
    if (result.verdict == attempt_verdict::delivered) {
        (void)co_await forwards_.note_delivery(std::move(way));  // not now: with the next one
        co_return;
    }
    if (result.verdict != attempt_verdict::failed || !says_nobody_is_there(result.reply)) co_return;
    const auto now = std::chrono::system_clock::to_time_t(time_.now());
    const auto forget_before = now - std::chrono::seconds(span).count();
    auto noting = forwards_.note_refusal(std::move(way), result.reply, now, forget_before);
    auto state = co_await std::move(noting);
    // It may lead elsewhere by now; what is busy counts the next one.
    if (!state || state->is_suspended() || state->refusals < refusals) co_return;
    auto suspending = suspend(std::move(*state));
    co_await std::move(suspending);
}

awaitable<void> forward_watch::suspend(storage::forward_state state) {
    auto letter = settings_.speech == language::german ? in_german(state) : in_english(state);
    std::string domain(address::domain_of(state.way.by));
    auto writing = letters_.write(std::move(domain), std::move(letter));
    const bool is_told = co_await std::move(writing);
    log::warn("forward by={} to={} result={} refusals={} reply={}", log_safe(state.way.by),
              log_safe(state.way.target), is_told ? "suspended" : "owner_not_told", state.refusals,
              log_safe(state.reply, 400));
    // Who is not told now is told after the next refusal, and it goes on until then.
    if (!is_told) co_return;
    const auto now = std::chrono::system_clock::to_time_t(time_.now());
    const auto failed = co_await forwards_.suspend(std::move(state.way), now);
    if (failed) log::warn("forward reason={}", log_safe(failed.message()));
}

}  // namespace hauspost::outbound
