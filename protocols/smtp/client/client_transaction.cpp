#include "protocols/smtp/client/client_transaction.hpp"

#include "protocols/smtp/command_writer.hpp"
#include "protocols/smtp/path.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace hauspost::smtp {
namespace {

/// Of a reply's text; each recipient has one, and it goes into logs and reports.
constexpr std::size_t max_kept_octets = 2048;

send_outcome lacking(send_reason reason) {
    send_outcome outcome;
    outcome.verdict = send_verdict::permanent;
    outcome.reason = reason;
    outcome.step = client_step::mail;
    return outcome;
}

send_outcome for_later(send_reason reason) {
    send_outcome outcome;
    outcome.verdict = send_verdict::postponed;
    outcome.reason = reason;
    outcome.step = client_step::rcpt;
    return outcome;
}

/// RFC 5321 4.5.3.1.10: 452, and 552 as older servers say it. A mailbox that is full is none.
bool is_too_many_recipients(const remote_reply& reply) noexcept {
    if (reply.code == 452) return reply.enhanced.empty() || reply.enhanced == "4.5.3";
    return reply.code == 552 && reply.enhanced == "5.5.3";
}

}  // namespace

send_outcome refusal(client_step step, const result<remote_reply>& heard) {
    send_outcome outcome;
    outcome.step = step;
    if (heard) {
        outcome.reply = heard->shortened(max_kept_octets);
        outcome.reason = send_reason::replied;
        if (heard->is_permanent()) outcome.verdict = send_verdict::permanent;
        if (heard->code < 400) outcome.reason = send_reason::not_smtp;
        return outcome;
    }
    outcome.error = heard.error();
    if (outcome.error == asio::error::timed_out)
        outcome.reason = send_reason::timed_out;
    else if (outcome.error.category() == dialogue_category())
        outcome.reason = send_reason::not_smtp;
    return outcome;
}

client_transaction::client_transaction(client_dialogue& dialogue,
                                       const client_settings& settings,
                                       const capabilities& offered,
                                       const outgoing_message& message,
                                       message_source& octets)
    : dialogue_(dialogue),
      settings_(settings),
      offered_(offered),
      message_(message),
      octets_(octets),
      mail_(message.mail),
      outcomes_(message.recipients.size()) {}

void client_transaction::decide(std::size_t recipient, send_outcome outcome) {
    if (!outcomes_[recipient]) outcomes_[recipient] = std::move(outcome);
}

void client_transaction::decide_accepted(const send_outcome& outcome) {
    for (const auto recipient : accepted_)
        decide(recipient, outcome);
    accepted_.clear();
}

void client_transaction::decide_rest(const send_outcome& outcome) {
    for (std::size_t i = 0; i < outcomes_.size(); ++i)
        decide(i, outcome);
    accepted_.clear();
}

bool client_transaction::uses_chunks() const noexcept {
    return offered_.chunking && (settings_.use_chunking || mail_.params.body == body_type::binary);
}

/// What the whole message would need and the server does not have.
std::optional<send_reason> client_transaction::find_lack() {
    auto& params = mail_.params;
    if (!can_be_said(mail_.reverse_path)) return send_reason::bad_address;
    if (params.body == body_type::eight_bit && !offered_.eight_bit_mime)
        return send_reason::needs_8bitmime;
    if (params.body == body_type::binary && !offered_.binary_mime)
        return send_reason::needs_binarymime;
    params.smtputf8 = params.smtputf8 || !is_ascii(as_said(mail_.reverse_path));
    if (params.smtputf8 && !offered_.smtputf8) return send_reason::needs_smtputf8;
    const auto limit = offered_.max_message_octets;
    if (limit != 0 && params.size.value_or(0) > limit) return send_reason::too_big;
    const bool is_verified =
        dialogue_.server().tls().verified != net::authentication::none && offered_.require_tls;
    // A report is not lost for want of it (RFC 8689 5).
    if (params.require_tls && !is_verified && !mail_.reverse_path.is_null())
        return send_reason::needs_requiretls;
    return std::nullopt;
}

/// Those that can be said, as many as the server takes in one transaction.
void client_transaction::choose_recipients() {
    const auto most = offered_.max_recipients == 0 ? outcomes_.size() : offered_.max_recipients;
    std::set<std::string> domains;
    for (std::size_t i = 0; i < outcomes_.size(); ++i) {
        const auto& path = message_.recipients[i].forward_path;
        if (!can_be_said(path) || path.is_null()) {
            decide(i, lacking(send_reason::bad_address));
            continue;
        }
        const auto to = as_said(path);
        if (!is_ascii(to) && !offered_.smtputf8) {
            decide(i, lacking(send_reason::needs_smtputf8));
            continue;
        }
        const bool is_new_domain = !domains.contains(to.domain);
        if (chosen_.size() >= most || (is_new_domain && offered_.max_recipient_domains != 0 &&
                                       domains.size() >= offered_.max_recipient_domains)) {
            decide(i, for_later(send_reason::next_transaction));
            continue;
        }
        if (is_new_domain) domains.insert(to.domain);
        mail_.params.smtputf8 = mail_.params.smtputf8 || !is_ascii(to);
        chosen_.push_back(i);
    }
}

awaitable<std::vector<send_outcome>> client_transaction::run() {
    if (const auto lack = find_lack())
        decide_rest(lacking(*lack));
    else
        choose_recipients();
    if (!chosen_.empty()) {
        dialogue_.end_at(dialogue_.now() + settings_.timeouts.transaction);
        co_await send_envelope();
        if (takes_data_ && accepted_.empty())
            co_await end_empty_data();
        else if (takes_data_)
            co_await send_data();
        else if (!accepted_.empty() && uses_chunks())
            co_await send_chunks();
        dialogue_.end_at(steady_time::max());
    }
    std::vector<send_outcome> all;
    all.reserve(outcomes_.size());
    for (auto& outcome : outcomes_)
        all.push_back(outcome ? std::move(*outcome) : send_outcome());
    co_return all;
}

net::stream::duration client_transaction::limit_of(client_step step) const noexcept {
    if (step == client_step::mail) return settings_.timeouts.mail;
    return step == client_step::rcpt ? settings_.timeouts.rcpt : settings_.timeouts.data;
}

void client_transaction::say(said what) {
    auto& out = dialogue_.out();
    if (what.step == client_step::mail)
        append_mail(out, mail_, offered_);
    else if (what.step == client_step::rcpt)
        append_rcpt(out, message_.recipients[what.recipient], offered_);
    else
        out += "DATA\r\n";
    dialogue_.asks();
}

/// The next commands that can be said at once; none when the envelope is through. DATA is always
/// the last of a group (RFC 2920 3.1).
std::vector<client_transaction::said> client_transaction::say_group() {
    std::vector<said> group;
    const auto most =
        offered_.pipelining ? std::max<std::size_t>(settings_.commands_at_once, 1) : 1;
    const auto add = [this, &group](client_step step, std::size_t recipient) {
        group.push_back({step, recipient});
        say(group.back());
    };
    if (!was_begun_) {
        was_begun_ = true;
        add(client_step::mail, 0);
    }
    while (!is_full_ && next_ < chosen_.size() && group.size() < most)
        add(client_step::rcpt, chosen_[next_++]);
    const bool has_all = is_full_ || next_ == chosen_.size();
    const bool may_be_accepted = !group.empty() || !accepted_.empty();
    if (has_all && !uses_chunks() && !is_data_said_ && may_be_accepted && group.size() < most) {
        is_data_said_ = true;
        add(client_step::data, 0);
    }
    return group;
}

awaitable<void> client_transaction::send_envelope() {
    while (!is_mail_refused_) {
        const auto group = say_group();
        if (group.empty()) break;
        for (const auto& what : group) {
            const auto heard = co_await dialogue_.reply(limit_of(what.step));
            hear(what, heard);
            if (!dialogue_.is_over()) continue;
            decide_rest(refusal(what.step, heard));
            co_return;
        }
    }
    if (is_full_)
        for (; next_ < chosen_.size(); ++next_)
            decide(chosen_[next_], for_later(send_reason::next_transaction));
    must_reset_ = must_reset_ || (accepted_.empty() && !is_mail_refused_ && !takes_data_);
}

void client_transaction::hear(said what, const result<remote_reply>& heard) {
    if (what.step == client_step::rcpt) return hear_recipient(what.recipient, heard);
    if (what.step == client_step::data) {
        takes_data_ = heard && heard->code == 354;
        if (takes_data_ || accepted_.empty()) return;
        decide_accepted(refusal(client_step::data, heard));
        must_reset_ = true;
        return;
    }
    if (heard && heard->is_positive()) return;
    is_mail_refused_ = true;
    decide_rest(refusal(client_step::mail, heard));
}

void client_transaction::hear_recipient(std::size_t recipient, const result<remote_reply>& heard) {
    if (is_mail_refused_) {
        // A server that takes recipients for a sender that it has refused gets RSET.
        must_reset_ = must_reset_ || (heard && heard->is_positive());
        return;
    }
    if (heard && heard->is_positive()) {
        accepted_.push_back(recipient);
    } else if (heard && is_too_many_recipients(*heard) && !accepted_.empty()) {
        is_full_ = true;
        auto later = for_later(send_reason::next_transaction);
        later.reply = heard->shortened(max_kept_octets);
        decide(recipient, std::move(later));
    } else {
        decide(recipient, refusal(client_step::rcpt, heard));
    }
}

}  // namespace hauspost::smtp
