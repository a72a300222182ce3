#include "server/outbound/tls_reporter.hpp"

#include "base/log.hpp"
#include "base/random.hpp"
#include "base/utf8.hpp"
#include "protocols/smtp/path.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <memory>
#include <string_view>
#include <utility>

namespace hauspost::outbound {
namespace {

namespace asio = boost::asio;

constexpr std::int64_t day_seconds = 86'400;
/// RFC 8460 4.1: reports of all servers should not come at the same moment behind midnight.
constexpr std::chrono::minutes between_rounds{60};
constexpr std::chrono::seconds first_round{60};
constexpr std::size_t days_at_once = 100;
/// What nobody could be told for so long is dropped.
constexpr std::uint32_t oldest_days = 4;

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        lines.emplace_back(line);
    }
    return lines;
}

}  // namespace

std::vector<tls_report::policy_details> by_policy(const std::vector<storage::tls_result>& rows) {
    std::vector<tls_report::policy_details> all;
    for (const auto& row : rows) {
        const auto lines = lines_of(row.policy_lines);
        auto at = std::ranges::find_if(all, [&](const auto& one) {
            return one.type == row.policy_type && one.lines == lines;
        });
        if (at == all.end()) {
            at = all.insert(all.end(), tls_report::policy_details());
            at->type = row.policy_type;
            at->lines = lines;
            at->mx_hosts = lines_of(row.mx_hosts);
        }
        if (row.failure.empty()) {
            at->successes += row.sessions;
            continue;
        }
        auto& failed = at->failures.emplace_back();
        failed.result_type = row.failure;
        failed.mx = row.mx;
        failed.address = row.address;
        failed.sessions = row.sessions;
    }
    return all;
}

tls_reporter::tls_reporter(asio::any_io_executor executor,
                           const reporter_ports& ports,
                           const delivery_settings& settings)
    : executor_(std::move(executor)),
      ports_(ports),
      settings_(settings),
      wake_(executor_),
      ended_(executor_) {}

std::int64_t tls_reporter::now() const {
    return std::chrono::system_clock::to_time_t(ports_.time.now());
}

void tls_reporter::start() {
    is_working_ = true;
    asio::co_spawn(executor_, work(), [this](std::exception_ptr fault) {
        is_working_ = false;
        ended_.cancel();
        if (fault) log::error("fault proto=tls_report what=ended");
    });
}

awaitable<void> tls_reporter::stop() {
    is_stopping_ = true;
    wake_.cancel();
    waits_.break_off();
    while (is_working_) {
        ended_.expires_at(asio::steady_timer::time_point::max());
        co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

awaitable<void> tls_reporter::work() {
    wake_.expires_after(first_round);
    while (!is_stopping_) {
        co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable));
        if (is_stopping_) break;
        try {
            co_await report_all();
        } catch (const std::exception& fault) {
            log::error("fault proto=tls_report what={}", log_safe(fault.what()));
        }
        wake_.expires_after(between_rounds);
    }
}

awaitable<void> tls_reporter::report_all() {
    const auto today = static_cast<std::uint32_t>(now() / day_seconds);
    for (bool is_more = true; is_more && !is_stopping_;) {
        auto due = co_await ports_.store.days_before(today, days_at_once);
        std::size_t told = 0;
        for (auto& one : due) {
            if (is_stopping_) co_return;
            if (co_await report_one(std::move(one))) ++told;
        }
        // What is left would be found again.
        is_more = due.size() == days_at_once && told == due.size();
    }
}

/// False: it has to wait.
awaitable<bool> tls_reporter::report_one(storage::tls_day about) {
    auto question = "_smtp._tls." + about.domain;
    auto asking = ports_.resolver.find_txt(std::move(question));
    const auto told = co_await waits_.run(std::move(asking));
    if (!told) co_return false;
    const auto& texts = *told;
    const auto age = static_cast<std::uint32_t>(now() / day_seconds) - about.day;
    if (dns::is_temporary(texts.what) && age <= oldest_days) co_return false;
    auto wanted = tls_report::find_receivers(texts.records);
    tls_report::report report;
    report.day = about.day;
    report.domain = about.domain;
    const auto taken = co_await ports_.store.take_results(std::move(about));
    if (!taken) co_return false;
    if (ports_.places == nullptr) wanted.places.clear();
    if ((wanted.mailboxes.empty() && wanted.places.empty()) || taken->empty()) co_return true;
    report.organization = settings_.hostname;
    report.contact = settings_.report_contact.empty() ? "postmaster@" + settings_.hostname
                                                      : settings_.report_contact;
    report.id = random::readable(20);
    report.policies = by_policy(*taken);
    const bool is_sent = co_await send(std::move(report), std::move(wanted));
    if (is_sent || age > oldest_days) co_return true;
    auto back = *taken;
    const auto refused = co_await ports_.store.count(std::move(back));
    (void)refused;  // they are counts
    co_return false;
}

/// True: somebody gets it, or nobody ever can.
awaitable<bool> tls_reporter::send(tls_report::report report, tls_report::receivers wanted) {
    auto& mailboxes = wanted.mailboxes;
    // Who cannot be written to as he stands there cannot be told.
    std::erase_if(mailboxes, [](const std::string& one) {
        return !utf8::is_ascii(one) || !smtp::parse_mailbox(one) ||
               one.find_first_of("<>\"") != std::string::npos;
    });
    bool is_sent = mailboxes.empty() && wanted.places.empty();
    for (auto& to : mailboxes) {
        tls_report::message_terms terms;
        terms.from = "postmaster@" + settings_.hostname;
        terms.to = to;
        terms.hostname = settings_.hostname;
        terms.unique = random::readable(20);
        terms.now = now();
        auto octets = tls_report::to_message(report, terms);
        auto address = to;
        const bool is_done = co_await deliver(std::move(address), std::move(octets));
        is_sent = is_sent || is_done;
        log::info("tls_report domain={} id={} to={} result={}", log_safe(report.domain), report.id,
                  log_safe(to), is_done ? "sent" : "again");
    }
    const bool is_handed_over = co_await hand_over(report, std::move(wanted.places));
    co_return is_sent || is_handed_over;
}

/// True: one of them has it.
awaitable<bool> tls_reporter::hand_over(const tls_report::report& report,
                                        std::vector<tls_report::https_place> places) {
    bool is_taken = false;
    const auto gzipped = places.empty() ? std::string() : tls_report::gzipped(to_json(report));
    for (auto& to : places) {
        if (is_stopping_) break;
        const auto name = to.host + to.target;
        auto copy = gzipped;
        const auto why = co_await ports_.places->hand_over(std::move(to), std::move(copy));
        is_taken = is_taken || why.empty();
        log::info("tls_report domain={} id={} to={} result={} reason={}", log_safe(report.domain),
                  report.id, log_safe(name), why.empty() ? "sent" : "again", log_safe(why));
    }
    co_return is_taken;
}

awaitable<bool> tls_reporter::deliver(std::string to, std::string octets) {
    using smtp::delivery_verdict;
    using smtp::recipient_verdict;
    const auto address = smtp::parse_mailbox(to);
    if (!address) co_return true;
    const smtp::mailbox_address nobody;
    const auto check = ports_.sink.check_recipients(nobody);
    const auto may = co_await check->ask(*address, octets.size());
    if (may != recipient_verdict::accepted)
        co_return may != recipient_verdict::try_again&& may != recipient_verdict::over_quota;
    auto envelope = std::make_shared<smtp::envelope>();
    smtp::envelope_recipient recipient;
    recipient.address = *address;
    recipient.notify = "NEVER";
    envelope->recipients.push_back(std::move(recipient));
    std::shared_ptr<const smtp::envelope> fixed = std::move(envelope);
    const auto message = co_await ports_.sink.begin(std::move(fixed));
    auto verdict = co_await message->write(octets);
    if (verdict == delivery_verdict::accepted) verdict = co_await message->commit();
    co_return verdict == delivery_verdict::accepted || verdict == delivery_verdict::loop;
}

}  // namespace hauspost::outbound
