#include "server/outbound/sender_reports.hpp"

#include "base/ascii.hpp"
#include "base/random.hpp"
#include "protocols/smtp/path.hpp"
#include "server/delivery/routing.hpp"
#include "server/outbound/attempt_result.hpp"
#include "server/outbound/stored_message.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::outbound {
namespace {

constexpr std::size_t max_header_octets = 64 * 1024;

recipient_action action_of(storage::queue_state state) {
    switch (state) {
    case storage::queue_state::waiting: return recipient_action::delayed;
    case storage::queue_state::owes_delivered: return recipient_action::delivered;
    case storage::queue_state::owes_relayed: return recipient_action::relayed;
    case storage::queue_state::owes_failed: break;
    }
    return recipient_action::failed;
}

/// What queue_recipient::last_reply says: "550 5.1.1 no such user", "5.1.2 no such domain", or
/// words of ours.
void read_reply(std::string_view text, reported_recipient& into) {
    const auto words = words_of(text);
    const bool is_of_server = words.code != 0;
    into.code = words.code;
    into.status = words.enhanced;
    if (is_of_server) into.enhanced = words.enhanced;
    (is_of_server ? into.remote_reply : into.own_words) = words.text;
}

reported_recipient reported(const storage::queue_item& item,
                            const storage::queue_recipient& row,
                            const retry_settings& retry) {
    reported_recipient made;
    made.address = smtp::to_text(delivery::path_of(row.to));
    made.original = row.original;
    made.action = action_of(row.state);
    made.remote_host = row.last_host.substr(0, row.last_host.find(' '));
    made.last_attempt = row.attempted_at;
    read_reply(row.last_reply, made);
    if (made.action == recipient_action::delayed)
        made.tried_until = item.begins_at() + retry.give_up.count();
    return made;
}

std::string_view header_of(std::string_view octets) {
    const auto end = octets.find("\r\n\r\n");
    return end == std::string_view::npos ? octets : octets.substr(0, end + 2);
}

}  // namespace

std::int64_t sender_reports::now() const {
    return std::chrono::system_clock::to_time_t(time_.now());
}

awaitable<report_verdict> sender_reports::tell(const storage::queue_item& item,
                                               storage::claimed_outcomes settles) {
    if (item.reverse_path.empty() || item.recipients.empty()) co_return report_verdict::nobody;
    report_terms terms;
    terms.speech = settings_.speech;
    terms.hostname = settings_.hostname;
    terms.from = "postmaster@" + settings_.hostname;
    terms.unique = random::readable(16);
    terms.now.unix_seconds = now();
    // RFC 8689 5: of a message that required TLS never more than the header.
    terms.is_full_wanted = ascii::equal_nocase(item.ret, "FULL") && !item.requires_tls;
    const bool is_whole = terms.is_full_wanted && item.octets <= terms.max_message_octets;
    const auto octets =
        co_await read(item, is_whole ? terms.max_message_octets : max_header_octets);
    reported_message about;
    about.sender = item.reverse_path;
    about.envelope_id = item.envelope_id;
    about.header = header_of(octets);
    if (is_whole) about.octets = octets;
    about.arrived_at = item.created_at;
    about.release_at = item.release_at;
    std::vector<reported_recipient> recipients;
    for (const auto& row : item.recipients)
        recipients.push_back(reported(item, row, settings_.retry));
    auto report = write_report(about, recipients, terms);
    auto sender = item.reverse_path;
    co_return co_await deliver(std::move(sender), std::move(report), item.requires_tls,
                               std::move(settles));
}

/// The beginning of a message.
awaitable<std::string> sender_reports::read(const storage::queue_item& item, std::size_t most) {
    stored_message source(blobs_, item.blob, item.prefix);
    std::string octets;
    while (octets.size() < most) {
        const auto piece = co_await source.next();
        // What cannot be read now is left out: the words are what matters.
        if (!piece || piece->empty()) break;
        octets += piece->substr(0, most - octets.size());
    }
    co_return octets;
}

awaitable<report_verdict> sender_reports::deliver(std::string sender,
                                                  delivery_report report,
                                                  bool requires_tls,
                                                  storage::claimed_outcomes settles) {
    using smtp::delivery_verdict;
    using smtp::recipient_verdict;
    const auto to = smtp::parse_mailbox(sender);
    if (!to) co_return report_verdict::nobody;
    const smtp::mailbox_address nobody;
    const auto check = sink_.check_recipients(nobody);
    const auto may = co_await check->ask(*to, report.octets.size());
    if (may == recipient_verdict::try_again || may == recipient_verdict::over_quota)
        co_return report_verdict::later;
    if (may != recipient_verdict::accepted) co_return report_verdict::nobody;
    auto envelope = std::make_shared<smtp::envelope>();
    smtp::envelope_recipient recipient;
    recipient.address = *to;
    recipient.notify = "NEVER";
    envelope->recipients.push_back(std::move(recipient));
    envelope->is_8bit = report.is_8bit;
    envelope->requires_tls = requires_tls;  // RFC 8689 5
    envelope->smtputf8 = report.needs_smtputf8;
    envelope->settles = std::move(settles);
    std::shared_ptr<const smtp::envelope> fixed = std::move(envelope);
    const auto message = co_await sink_.begin(std::move(fixed));
    auto verdict = co_await message->write(report.octets);
    if (verdict == delivery_verdict::accepted) verdict = co_await message->commit();
    if (verdict == delivery_verdict::accepted) co_return report_verdict::told;
    co_return verdict == delivery_verdict::loop ? report_verdict::nobody : report_verdict::later;
}

}  // namespace hauspost::outbound
