#include "storage/view/account_rows.hpp"

#include "base/ascii.hpp"
#include "mail/flags.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace hauspost::storage::view {
namespace {

constexpr std::array<std::pair<std::string_view, std::uint32_t>, 4> system_keywords{{
    {"$seen", mail::flags::seen},
    {"$answered", mail::flags::answered},
    {"$flagged", mail::flags::flagged},
    {"$draft", mail::flags::draft},
}};

}  // namespace

std::uint32_t system_flag_of(std::string_view keyword) noexcept {
    for (const auto& [name, flag] : system_keywords)
        if (ascii::equal_nocase(name, keyword)) return flag;
    return 0;
}

bool mailbox_rows::has_keyword(const mail_row& row, std::string_view keyword) const {
    const auto found = std::find_if(keywords.begin(), keywords.end(), [&](const auto& one) {
        return ascii::equal_nocase(one, keyword);
    });
    if (found == keywords.end()) return false;
    const auto number = static_cast<std::uint16_t>(found - keywords.begin());
    if (number < mail::flags::in_word)
        return (row.flags >> (mail::flags::first_keyword + number) & 1) != 0;
    const auto more = more_keywords.find(row.uid.value());
    return more != more_keywords.end() &&
           std::binary_search(more->second.begin(), more->second.end(), number);
}

account_rows::account_rows(std::vector<std::shared_ptr<const mailbox_rows>> mailboxes)
    : mailboxes_(std::move(mailboxes)) {
    for (std::uint32_t n = 0; n < mailboxes_.size(); ++n)
        number_of_.emplace(mailboxes_[n]->id, n);
    gather();
    order();
    count();
}

void account_rows::gather() {
    for (std::uint32_t box = 0; box < mailboxes_.size(); ++box) {
        const auto& rows = mailboxes_[box]->rows;
        for (std::uint32_t row = 0; row < rows.size(); ++row)
            if ((rows[row].flags & mail::flags::deleted) == 0) places_.push_back({box, row});
    }
    // Of one mailbox they stand in the order of their UIDs already.
    std::stable_sort(places_.begin(), places_.end(), [this](const place& a, const place& b) {
        return row_at(a).email < row_at(b).email;
    });
    for (std::uint32_t n = 0; n < places_.size(); ++n)
        if (n == 0 || row_at(places_[n]).email != row_at(places_[n - 1]).email) first_.push_back(n);
    first_.push_back(static_cast<std::uint32_t>(places_.size()));
}

void account_rows::order() {
    const auto many = static_cast<email>(emails());
    by_date_.resize(many);
    for (email one = 0; one < many; ++one)
        by_date_[one] = one;
    by_thread_ = by_date_;
    std::sort(by_date_.begin(), by_date_.end(), [this](email a, email b) {
        return std::pair(row_of(b).received, a) < std::pair(row_of(a).received, b);
    });
    std::sort(by_thread_.begin(), by_thread_.end(), [this](email a, email b) {
        const auto& left = row_of(a);
        const auto& right = row_of(b);
        if (left.thread != right.thread) return left.thread < right.thread;
        // Each of those without a thread is one of its own; `find_thread` never asks for these.
        if (left.thread == 0) return a < b;
        return std::pair(left.received, a) < std::pair(right.received, b);
    });
    thread_of_.resize(many);
    std::uint32_t begin = 0;
    for (std::uint32_t n = 0; n < many; ++n) {
        if (!is_same_thread(by_thread_[n], by_thread_[begin])) begin = n;
        thread_of_[by_thread_[n]] = begin;
    }
}

void account_rows::count() {
    // What was counted last of each mailbox, so that nothing counts twice. Emails and threads have
    // numbers below UINT32_MAX.
    struct last {
        std::uint32_t email = UINT32_MAX, thread = UINT32_MAX, unread_thread = UINT32_MAX;
    };
    counts_.resize(mailboxes_.size());
    std::vector<last> counted(mailboxes_.size());
    for (const auto one : by_thread_) {
        const bool is_unread = !has_keyword(one, "$seen") && !has_keyword(one, "$draft");
        const auto thread = thread_of_[one];
        for (const auto& at : places_of(one)) {
            auto& before = counted[at.mailbox];
            auto& sum = counts_[at.mailbox];
            if (std::exchange(before.email, one) == one) continue;
            ++sum.emails;
            if (std::exchange(before.thread, thread) != thread) ++sum.threads;
            if (!is_unread) continue;
            ++sum.unread_emails;
            if (std::exchange(before.unread_thread, thread) != thread) ++sum.unread_threads;
        }
    }
}

bool account_rows::is_same_thread(email a, email b) const noexcept {
    return a == b || (row_of(a).thread != 0 && row_of(a).thread == row_of(b).thread);
}

std::optional<std::uint32_t> account_rows::find_mailbox(mailbox_id id) const noexcept {
    const auto found = number_of_.find(id);
    if (found == number_of_.end()) return std::nullopt;
    return found->second;
}

std::optional<account_rows::email> account_rows::find(const mail::email_key& key) const noexcept {
    const auto last = first_.end() - 1;
    const auto found = std::lower_bound(first_.begin(), last, key, [this](auto at, const auto& k) {
        return row_at(places_[at]).email < k;
    });
    if (found == last || row_at(places_[*found]).email != key) return std::nullopt;
    return static_cast<email>(found - first_.begin());
}

std::span<const account_rows::place> account_rows::places_of(email one) const noexcept {
    return std::span(places_).subspan(first_[one], first_[one + 1] - first_[one]);
}

bool account_rows::is_in(email one, std::uint32_t mailbox) const noexcept {
    const auto places = places_of(one);
    return std::any_of(places.begin(), places.end(),
                       [mailbox](const place& at) { return at.mailbox == mailbox; });
}

bool account_rows::has_keyword(email one, std::string_view keyword) const {
    const auto places = places_of(one);
    const auto flag = system_flag_of(keyword);
    const auto has = [&](const place& at) {
        const auto& row = row_at(at);
        if (flag != 0) return (row.flags & flag) != 0;
        return mailboxes_[at.mailbox]->has_keyword(row, keyword);
    };
    if (flag == mail::flags::seen) return std::all_of(places.begin(), places.end(), has);
    return std::any_of(places.begin(), places.end(), has);
}

std::span<const account_rows::email> account_rows::thread_of(email one) const noexcept {
    const auto begin = thread_of_[one];
    auto end = begin + 1;
    while (end < by_thread_.size() && thread_of_[by_thread_[end]] == begin)
        ++end;
    return std::span(by_thread_).subspan(begin, end - begin);
}

std::optional<account_rows::email> account_rows::find_thread(std::uint64_t thread) const noexcept {
    const auto found =
        std::lower_bound(by_thread_.begin(), by_thread_.end(), thread,
                         [this](email one, auto wanted) { return row_of(one).thread < wanted; });
    if (thread == 0 || found == by_thread_.end() || row_of(*found).thread != thread)
        return std::nullopt;
    return *found;
}

}  // namespace hauspost::storage::view
