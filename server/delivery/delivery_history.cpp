#include "server/delivery/delivery_history.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace hauspost::delivery {
namespace {

constexpr std::size_t max_name_octets = 700;  // of one address, in the log
constexpr std::size_t names_of_a_line = 20;

/// `word id=... rcpt="..." to="..." "...` and so on, in as many lines as are needed.
void log_targets(std::string_view word,
                 std::string_view id,
                 const storage::mail_address& recipient,
                 const std::vector<delivery_history::target>& targets) {
    std::string names;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        names += (names.empty() ? "" : ",") + targets[i].name;
        if ((i + 1) % names_of_a_line != 0 && i + 1 != targets.size()) continue;
        log::info("{} id={} rcpt={} to={}", word, id, log_safe(recipient, max_name_octets),
                  log_safe(names, names_of_a_line * max_name_octets));
        names.clear();
    }
}

}  // namespace

void delivery_history::add(storage::mail_address recipient,
                           storage::mail_address arrival,
                           route to,
                           bool has_come_back) {
    entry one;
    one.recipient = std::move(recipient);
    one.arrival = std::move(arrival);
    to.local_reasons.resize(to.local.size());
    to.remote_reasons.resize(to.remote.size());
    for (std::size_t i = 0; i < to.local.size(); ++i)
        one.local.push_back(
            {std::move(to.local[i].name), to.local[i].id, std::move(to.local_reasons[i])});
    for (std::size_t i = 0; i < to.remote.size(); ++i)
        one.remote.push_back(
            {std::move(to.remote[i]), account_id(), std::move(to.remote_reasons[i])});
    one.lost = std::move(to.lost);
    one.is_loop_cut = to.is_loop_cut;
    one.has_come_back = has_come_back;
    entries_.push_back(std::move(one));
}

void delivery_history::same_place(storage::mail_address recipient, storage::mail_address arrival) {
    entry one;
    one.recipient = std::move(recipient);
    one.arrival = std::move(arrival);
    one.is_known = true;
    entries_.push_back(std::move(one));
}

void delivery_history::log(std::string_view id) const {
    for (const auto& one : entries_) {
        const auto recipient = log_safe(one.recipient, max_name_octets);
        if (one.is_known) {
            log::info("deliver id={} rcpt={} with={}", id, recipient,
                      log_safe(one.arrival, max_name_octets));
            continue;
        }
        log_targets("deliver", id, one.recipient, one.local);
        if (!one.has_come_back) log_targets("queue", id, one.recipient, one.remote);
        if (one.is_loop_cut || one.has_come_back)
            log::warn("route id={} rcpt={} loop_cut=true delivered_before={}", id, recipient,
                      one.has_come_back);
        for (const auto& gone : one.lost)
            log::warn("route id={} rcpt={} lost={} reason={}", id, recipient,
                      log_safe(gone.name, max_name_octets),
                      gone.is_suspended ? "suspended" : word_for(gone.why));
    }
}

std::vector<lost_mail> delivery_history::lost() const {
    std::vector<lost_mail> all;
    for (const auto& one : entries_) {
        lost_mail mail;
        mail.recipient = one.arrival;
        // Of what is suspended the owner was told when it was.
        std::ranges::copy_if(one.lost, std::back_inserter(mail.targets),
                             [](const auto& gone) { return !gone.is_suspended; });
        if (mail.targets.empty()) continue;
        all.push_back(std::move(mail));
    }
    return all;
}

std::string_view word_for(smtp::recipient_verdict verdict) noexcept {
    switch (verdict) {
    case smtp::recipient_verdict::accepted: return "accepted";
    case smtp::recipient_verdict::no_such_user: return "no_such_user";
    case smtp::recipient_verdict::relay_denied: return "relay_denied";
    case smtp::recipient_verdict::account_disabled: return "account_disabled";
    case smtp::recipient_verdict::over_quota: return "over_quota";
    case smtp::recipient_verdict::loop: return "too_deep";
    case smtp::recipient_verdict::too_many_targets: return "too_many_targets";
    case smtp::recipient_verdict::too_many_recipients: return "too_many_recipients";
    case smtp::recipient_verdict::try_again: return "try_again";
    }
    return "unknown";
}

}  // namespace hauspost::delivery
