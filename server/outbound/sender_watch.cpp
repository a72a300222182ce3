#include "server/outbound/sender_watch.hpp"

#include "base/address.hpp"
#include "base/log.hpp"

#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::outbound {
namespace {

delivery::owner_letter letter_about(const storage::account& account,
                                    const storage::sent_hour& day) {
    const auto name = address::shown(account.name);
    delivery::owner_letter letter;
    letter.subject = "An account may not send any more: somebody else seems to use it";
    letter.text =
        "Sending is frozen for " + name +
        ".\r\n\r\n"
        "It has written to many addresses for the first time, and too many of them do not "
        "exist:\r\n"
        "that is how it looks when somebody has found out a password and sends spam with "
        "it.\r\n\r\n"
        "In the last 24 hours: " +
        std::to_string(day.messages) + " messages to " + std::to_string(day.recipients) +
        " recipients, " + std::to_string(day.new_recipients) + " of them new, " +
        std::to_string(day.unknown_recipients) +
        " of these unknown.\r\n\r\n"
        "What it still has in the queue is held back. Its mail can be read as before.\r\n\r\n"
        "Please set another password (account password " +
        name + "), have a look at what waits (queue list " + name +
        "),\r\n"
        "discard what is not meant to go (queue drop NUMBER), and then let it send again:\r\n"
        "account unfreeze " +
        name + "\r\n";
    return letter;
}

}  // namespace

awaitable<void> sender_watch::note(unknown_by_account unknown) {
    for (const auto& [account, count_of_it] : unknown) {
        try {
            co_await count(account, count_of_it);
        } catch (const std::exception& fault) {
            log::error("fault proto=send what={}", log_safe(fault.what()));
        }
    }
}

awaitable<void> sender_watch::count(account_id account, std::uint32_t unknown) {
    const auto settings = limits_.settings();
    storage::unknown_recipients noted;
    noted.account = account;
    noted.count = unknown;
    noted.freeze_from = settings.freeze_unknown_recipients;
    noted.freeze_percent = settings.freeze_unknown_percent;
    const auto is_frozen = co_await senders_.note_unknown(noted);
    if (is_frozen && *is_frozen) co_await tell_owner_of(account);
}

awaitable<void> sender_watch::tell_owner() {
    try {
        const auto all = co_await senders_.untold();
        for (const auto account : all)
            co_await tell_owner_of(account);
    } catch (const std::exception& fault) {
        log::error("fault proto=send what={}", log_safe(fault.what()));
    }
}

awaitable<void> sender_watch::tell_owner_of(account_id id) {
    const auto account = co_await directory_.find_account(id);
    if (!account) co_return;
    std::vector<storage::mail_address> nobody;
    const auto state = co_await senders_.find(id, std::move(nobody));
    const auto day = storage::sum_of(state.hours);
    log::warn(
        "freeze user={} reason=unknown_recipients messages={} recipients={} new={} unknown={}",
        log_safe(account->name), day.messages, day.recipients, day.new_recipients,
        day.unknown_recipients);
    std::string domain(address::domain_of(account->name));
    auto letter = letter_about(*account, day);
    const bool is_told = co_await owner_.write(std::move(domain), std::move(letter));
    if (is_told) (void)co_await senders_.note_told(id);
}

}  // namespace hauspost::outbound
