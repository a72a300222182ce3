#include "admin/api/trace_words.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace hauspost::admin::api {
namespace {

using storage::trace_door;
using storage::trace_event;
using storage::trace_rule;
using storage::trace_step;

std::string shown(const std::string& mailbox) {
    return mailbox.empty() ? "the null sender" : address::shown(mailbox);
}

const std::string& target_of(const trace_event& step) {
    return step.target.empty() ? step.to : step.target;
}

std::string size_text(std::uint64_t octets) {
    constexpr std::uint64_t kilo = 1024, mega = kilo * kilo;
    if (octets < kilo) return std::to_string(octets) + " bytes";
    if (octets < mega) return std::to_string((octets + kilo / 2) / kilo) + " KB";
    return std::to_string((octets + mega / 2) / mega) + " MB";
}

std::string encryption(const std::string& tls) {
    return tls.empty() ? "not encrypted" : "encrypted with " + tls;
}

/// ", through the alias sales@example.org"; nothing where it is the plain address.
std::string reason_of(const trace_event& step) {
    const auto by = address::shown(step.by.empty() ? step.to : step.by);
    switch (step.rule) {
    case trace_rule::none:
    case trace_rule::exact:
    case trace_rule::other_domain: return "";
    case trace_rule::sub_address: return ", since what stands behind the + does not matter";
    case trace_rule::alias: return ", through the alias " + by;
    case trace_rule::forward: return ", to where " + by + " forwards";
    case trace_rule::catch_all: return ", which takes mail for unknown addresses (catch-all)";
    case trace_rule::owner:
    case trace_rule::last_resort: return ", since somebody has to get the mail for " + by;
    case trace_rule::way_back: return ", who had sent what was forwarded";
    }
    return "";
}

std::string for_recipient(const trace_event& step) {
    return step.target.empty() || step.to.empty() ? "" : "For " + shown(step.to) + ": ";
}

std::string received_text(const trace_event& step) {
    const auto size = ", " + size_text(step.number);
    if (step.door == trace_door::server) return "Written by this server itself" + size;
    if (step.door == trace_door::administrator) return "Sent once more by an administrator" + size;
    const auto way = size + ", " + encryption(step.tls);
    if (step.door == trace_door::submission)
        return "Sent by " + shown(step.by) + " from the computer " + step.peer + way;
    return "Received from " + step.peer + way;
}

std::string refused_text(const trace_event& step) {
    const auto what = step.to.empty() ? "Mail from " + shown(step.from)
                                      : "Mail from " + shown(step.from) + " to " + shown(step.to);
    const auto who =
        step.door == trace_door::submission ? shown(step.by) + " at " + step.peer : step.peer;
    return what + " was refused; " + who + " was told: " + step.words;
}

std::string more_refused_text(const trace_event& step) {
    const auto who = step.peer.empty() ? std::string("others") : step.peer;
    if (step.number == 0)
        return "More mail of " + who + " was refused in this minute, which is only counted";
    return std::to_string(step.number) + " more recipients or messages of " + who +
           " were refused within a minute";
}

std::string stored_text(const trace_event& step) {
    if (step.target.empty() && step.rule == trace_rule::none && !step.by.empty())
        return "Mail for " + shown(step.to) + " goes where that for " + shown(step.by) + " goes";
    return for_recipient(step) + "Put into the mailbox of " + shown(target_of(step)) +
           reason_of(step);
}

std::string lost_reason(const std::string& word) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> words{
        {{"no_such_user", "nobody has this address"},
         {"account_disabled", "it is switched off"},
         {"too_deep", "too many aliases and forwards lead there one behind the other"},
         {"loop", "the message came back from where it had been sent"}}};
    for (const auto& [name, text] : words)
        if (name == word) return std::string(text);
    return word;
}

/// "mx.example.org [192.0.2.1] said: 250 ..."; what we saw ourselves it did not say.
std::string answer_of(const trace_event& step) {
    const auto& words = step.words;
    const bool is_reply =
        words.size() >= 3 &&
        std::all_of(words.begin(), words.begin() + 3, [](char c) { return ascii::is_digit(c); });
    if (step.peer.empty()) return words;
    return step.peer + (is_reply ? " said: " : ": ") + words;
}

std::string attempt_text(const trace_event& step) {
    const auto to = shown(target_of(step));
    const auto number = std::to_string(step.attempt);
    switch (step.step) {
    case trace_step::delivered:
        return "Sent to " + to + ", " + encryption(step.tls) + "; " + answer_of(step);
    case trace_step::failed:
        return "Given up sending to " + to + " at attempt " + number + "; " + answer_of(step);
    default:
        return "Attempt " + number + " to send to " + to + " did not succeed, another follows; " +
               answer_of(step);
    }
}

std::string others(std::uint64_t count) {
    if (count < 2) return "";
    return ", with " + std::to_string(count - 1) + (count == 2 ? " other" : " others");
}

std::string expunged_text(const trace_event& step) {
    const auto where = step.target.empty() ? std::string() : " from the mailbox " + step.target;
    const auto deleted = "Deleted" + where;
    const auto program = step.peer.empty() ? std::string() : " with " + step.peer;
    switch (step.door) {
    case trace_door::imap:
        return deleted + " by " + shown(step.by) + program + " (IMAP)" + others(step.number);
    case trace_door::pop3:
        return deleted + " by " + shown(step.by) + " (POP3)" + others(step.number);
    case trace_door::server:
        return "Deleted together with the mailbox " + step.target + others(step.number);
    default: return deleted + others(step.number);
    }
}

std::string operator_text(const trace_event& step) {
    const auto to = shown(target_of(step));
    switch (step.step) {
    case trace_step::held: return "Held back by an administrator; was for " + to;
    case trace_step::released: return "Let go by an administrator; is for " + to;
    case trace_step::retried: return "An administrator had it tried again at once for " + to;
    default: return "Discarded by an administrator; was for " + to;
    }
}

/// The word for what a step makes of a recipient's mail; "": it changes nothing.
std::string_view state_after(trace_step step) {
    switch (step) {
    case trace_step::refused:
    case trace_step::more_refused: return "refused";
    case trace_step::stored:
    case trace_step::restored: return "in mailbox";
    case trace_step::queued:
    case trace_step::postponed:
    case trace_step::released:
    case trace_step::retried: return "waiting";
    case trace_step::not_sent_on: return "not sent on";
    case trace_step::delivered: return "sent";
    case trace_step::failed: return "failed";
    case trace_step::held: return "held";
    case trace_step::dropped: return "discarded";
    case trace_step::expunged:
    case trace_step::purged: return "deleted";
    case trace_step::steps_lost: return "not recorded";
    case trace_step::none:
    case trace_step::received:
    case trace_step::filed:
    case trace_step::replaced:
    case trace_step::sender_told: break;
    }
    return "";
}

/// Whose state a step changes: a mailbox, or a recipient elsewhere.
std::string subject_of(const trace_event& step) {
    switch (step.step) {
    case trace_step::stored:
    case trace_step::filed:
    case trace_step::expunged:
    case trace_step::purged:
    case trace_step::restored: return std::to_string(step.account.value());
    default: return '@' + target_of(step);
    }
}

}  // namespace

std::string_view name_of(trace_step step) noexcept {
    constexpr std::array<std::string_view, 21> names{
        "none",        "received", "refused",   "more_refused", "stored",   "queued",
        "not_sent_on", "filed",    "postponed", "delivered",    "failed",   "sender_told",
        "held",        "released", "retried",   "dropped",      "replaced", "expunged",
        "purged",      "restored", "steps_lost"};
    static_assert(names.size() == static_cast<std::size_t>(storage::last_trace_step) + 1);
    const auto n = static_cast<std::size_t>(step);
    return n < names.size() ? names[n] : names[0];
}

std::string_view name_of(trace_rule rule) noexcept {
    constexpr std::array<std::string_view, 10> names{
        "none",      "exact", "sub_address", "alias",        "forward",
        "catch_all", "owner", "last_resort", "other_domain", "way_back"};
    static_assert(names.size() == static_cast<std::size_t>(storage::last_trace_rule) + 1);
    const auto n = static_cast<std::size_t>(rule);
    return n < names.size() ? names[n] : names[0];
}

std::string_view name_of(trace_door door) noexcept {
    constexpr std::array<std::string_view, 7> names{"none", "smtp",          "submission", "imap",
                                                    "pop3", "administrator", "server"};
    static_assert(names.size() == static_cast<std::size_t>(storage::last_trace_door) + 1);
    const auto n = static_cast<std::size_t>(door);
    return n < names.size() ? names[n] : names[0];
}

std::string sentence_of(const trace_event& step) {
    switch (step.step) {
    case trace_step::received: return received_text(step);
    case trace_step::refused: return refused_text(step);
    case trace_step::more_refused: return more_refused_text(step);
    case trace_step::stored: return stored_text(step);
    case trace_step::filed: return "A copy was put into Sent of " + shown(step.target);
    case trace_step::replaced:
        return "The mail program of " + shown(step.target) +
               " put its own copy into its place in Sent";
    case trace_step::queued:
        return for_recipient(step) + "Waits to be sent to " + shown(target_of(step)) +
               reason_of(step) + " (number " + std::to_string(step.number) + " in the queue)";
    case trace_step::not_sent_on:
        return for_recipient(step) + "Not sent on to " + shown(target_of(step)) + ": " +
               lost_reason(step.words);
    case trace_step::postponed:
    case trace_step::delivered:
    case trace_step::failed: return attempt_text(step);
    case trace_step::sender_told:
        return shown(step.target) + " was told by a message what became of the mail to " +
               shown(step.to);
    case trace_step::held:
    case trace_step::released:
    case trace_step::retried:
    case trace_step::dropped: return operator_text(step);
    case trace_step::expunged: return expunged_text(step);
    case trace_step::purged:
        return step.door == trace_door::administrator
                   ? "Removed for good by an administrator" + others(step.number)
                   : "Removed for good, since it was deleted long ago" + others(step.number);
    case trace_step::restored: return "Brought back by an administrator" + others(step.number);
    case trace_step::steps_lost:
        return std::to_string(step.number) + " steps could not be recorded about this time";
    case trace_step::none: break;
    }
    return "";
}

std::string state_of(const storage::traced_message& message) {
    std::vector<std::string> order;
    std::map<std::string, std::string_view> states;
    std::set<std::string> senders;  // who have a copy in Sent, which is nobody's mail
    for (const auto& step : message.steps) {
        const auto word = state_after(step.step);
        auto subject = subject_of(step);
        if (step.step == trace_step::filed) senders.insert(subject);
        if (word.empty() || (senders.contains(subject) && !states.contains(subject) &&
                             step.step != trace_step::stored))
            continue;
        if (states.insert_or_assign(subject, word).second) order.push_back(std::move(subject));
    }
    std::vector<std::string_view> said;
    std::string text;
    for (const auto& subject : order) {
        const auto word = states.at(subject);
        if (std::find(said.begin(), said.end(), word) != said.end()) continue;
        said.push_back(word);
        text += (text.empty() ? "" : ", ") + std::string(word);
    }
    return text;
}

}  // namespace hauspost::admin::api
