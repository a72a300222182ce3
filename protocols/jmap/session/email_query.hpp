#pragma once

#include "base/function_ref.hpp"
#include "protocols/jmap/email_filter.hpp"
#include "protocols/jmap/session/call.hpp"
#include "protocols/jmap/session/email_ids.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::jmap {

/// What Email/query sorts by. RFC 8621 4.4.2
[[nodiscard]] std::span<const std::string_view> email_sort_options() noexcept;
/// wrong  unsupportedSort; invalidArguments: a keyword is missing
void check_email_sort(const std::vector<comparator>& sort, std::optional<method_error>& wrong);
/// One of these wants what stands in a message's row.
[[nodiscard]] bool needs_summary(const std::vector<comparator>& sort) noexcept;

/// What is known of emails that the picture does not say, by their numbers; empty: nobody asked.
struct sort_texts {
    std::vector<std::string> from, to, subject;  // in the form in which they are compared
    std::vector<std::int64_t> sent;
};

/// What the emails of a thread have in common, found out once for each thread: threads may be as
/// large as the account.
class thread_keyword {
public:
    /// of_all  all of its emails have the keyword; else some have it
    thread_keyword(const account_rows& rows, std::string_view keyword, bool of_all)
        : rows_(rows), keyword_(keyword), of_all_(of_all), known_(rows.emails(), unknown) {}

    [[nodiscard]] bool holds(account_rows::email one);

private:
    static constexpr std::uint8_t unknown = 2;

    const account_rows& rows_;
    const std::string keyword_;
    const bool of_all_;
    std::vector<std::uint8_t> known_;  // by the thread's number
};

enum class filter_verdict : std::uint8_t { no, yes, unknown };

/// A filter over a picture: first what the picture knows, then what was found out of messages.
/// Thread: any, one at a time.
class email_matcher {
public:
    /// mailbox_ids  of each mailbox of `rows`; ids that are none of these are of no mailbox
    email_matcher(const account_rows& rows,
                  const email_filter& filter,
                  const std::vector<std::string>& mailbox_ids);

    [[nodiscard]] filter_verdict judge(account_rows::email one) const;
    /// Emails that are judged so, the newest first: `unknown` are those to be read, `yes` what the
    /// filter finds.
    /// is_late  asked now and then; when it says so the rest is left out
    [[nodiscard]] std::vector<account_rows::email> collect(filter_verdict wanted,
                                                           function_ref<bool()> is_late) const;
    /// What a condition says of an email.
    void note(std::size_t condition, account_rows::email one, bool holds);

private:
    [[nodiscard]] filter_verdict judge(std::size_t node, account_rows::email one) const;
    [[nodiscard]] filter_verdict judge_condition(std::size_t condition,
                                                 account_rows::email one) const;
    [[nodiscard]] bool is_in_another(std::size_t condition, account_rows::email one) const;

    const account_rows& rows_;
    const email_filter& filter_;
    std::vector<std::vector<std::uint32_t>> boxes_;  // of each condition: its mailboxes
    mutable std::vector<std::optional<thread_keyword>> threads_;  // of each on threads
    std::vector<std::vector<filter_verdict>> known_;  // of each that reads messages, by email
};

/// A result in its order. RFC 8621 4.4.2
/// collapse  of each thread the first one alone (4.4.3)
void sort_emails(std::vector<account_rows::email>& found,
                 const account_rows& rows,
                 const std::vector<comparator>& sort,
                 const sort_texts& texts,
                 bool collapse);

/// Finds out what a condition that reads messages says of some emails, and notes it.
/// Answers  serverUnavailable: it takes too long, or the server is busy
/// Throws   storage::fault
awaitable<std::optional<method_error>> search_messages(const call_context& with,
                                                       const visible_account& account,
                                                       const account_rows& rows,
                                                       const email_condition& condition,
                                                       std::vector<account_rows::email> asked,
                                                       std::vector<account_rows::email>& holds,
                                                       steady_time until);

/// Reads what a sort needs.
awaitable<std::optional<method_error>> read_sort_texts(const call_context& with,
                                                       const visible_account& account,
                                                       const account_rows& rows,
                                                       const std::vector<comparator>& sort,
                                                       const std::vector<account_rows::email>& of,
                                                       sort_texts& into);

}  // namespace hauspost::jmap
