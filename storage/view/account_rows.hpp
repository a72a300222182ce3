#pragma once

#include "base/ids.hpp"
#include "mail/object_id.hpp"
#include "storage/mailbox.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hauspost::storage::view {

/// What is kept of one message: 48 octets.
struct mail_row {
    mail::email_key email;
    std::uint64_t thread = 0;   // 0: none
    std::int64_t received = 0;  // INTERNALDATE, Unix seconds
    std::uint32_t octets = 0;   // UINT32_MAX: as many or more
    std::uint32_t flags = 0;
    hauspost::uid uid;
};

/// The messages of a mailbox at some moment.
struct mailbox_rows {
    mailbox_id id;
    uid_validity validity;
    modseq highest;  // all changes up to it are in here
    std::vector<std::string> keywords;
    std::vector<mail_row> rows;  // by UID
    /// Numbers of keywords that have no bit, of those who have such.
    std::unordered_map<std::uint32_t, std::vector<std::uint16_t>> more_keywords;

    /// row  one of `rows`; keyword without case
    [[nodiscard]] bool has_keyword(const mail_row& row, std::string_view keyword) const;
};

/// All mail of an account, or those mailboxes of it that somebody may read, at one moment. One
/// email is all messages with the same octets, wherever they lie; those with \Deleted are not here
/// (RFC 8621 4.1.1).
///
/// Memory: 48 octets a message, and 20 more. Thread: any; never changes.
class account_rows {
public:
    /// A message: its mailbox and its row, as numbers.
    struct place {
        std::uint32_t mailbox = 0;
        std::uint32_t row = 0;
    };
    using email = std::uint32_t;  // a number of this object's

    /// n log n in all messages: not on a network thread for many.
    explicit account_rows(std::vector<std::shared_ptr<const mailbox_rows>> mailboxes);

    [[nodiscard]] const std::vector<std::shared_ptr<const mailbox_rows>>& mailboxes()
        const noexcept {
        return mailboxes_;
    }
    [[nodiscard]] std::optional<std::uint32_t> find_mailbox(mailbox_id id) const noexcept;
    [[nodiscard]] std::size_t messages() const noexcept { return places_.size(); }
    [[nodiscard]] std::size_t emails() const noexcept { return first_.size() - 1; }

    [[nodiscard]] std::optional<email> find(const mail::email_key& key) const noexcept;
    /// Where it lies: never empty, ordered by mailbox and UID.
    [[nodiscard]] std::span<const place> places_of(email one) const noexcept;
    [[nodiscard]] const mail_row& row_at(place at) const noexcept {
        return mailboxes_[at.mailbox]->rows[at.row];
    }
    /// The row that stands for it; all have the same octets, and the first one's date counts.
    [[nodiscard]] const mail_row& row_of(email one) const noexcept {
        return row_at(places_[first_[one]]);
    }
    [[nodiscard]] bool is_in(email one, std::uint32_t mailbox) const noexcept;
    /// Of a mailbox; an email that lies in it twice counts once. RFC 8621 2
    struct counts {
        std::uint32_t emails = 0, unread_emails = 0;  // unread: neither $seen nor $draft
        std::uint32_t threads = 0;
        std::uint32_t unread_threads = 0;  // with an email of it here that is unread
    };
    [[nodiscard]] const counts& counts_of(std::uint32_t mailbox) const noexcept {
        return counts_[mailbox];
    }
    /// \Seen and `$seen` are said when all of its messages have it, others when any has
    /// it: "$seen", "$flagged", "$answered", "$draft" or any other keyword, without case.
    [[nodiscard]] bool has_keyword(email one, std::string_view keyword) const;

    /// All, the newest first; of the same moment by id.
    [[nodiscard]] std::span<const email> by_date() const noexcept { return by_date_; }

    /// The thread's emails, the oldest first. A mail that belongs to none is one of its own.
    [[nodiscard]] std::span<const email> thread_of(email one) const noexcept;
    /// Any of its emails. nullopt: there is no such thread.
    [[nodiscard]] std::optional<email> find_thread(std::uint64_t thread) const noexcept;
    /// The same number for all of one thread.
    [[nodiscard]] std::uint32_t thread_number(email one) const noexcept { return thread_of_[one]; }

private:
    [[nodiscard]] bool is_same_thread(email a, email b) const noexcept;
    void gather();
    void order();
    void count();

    std::vector<std::shared_ptr<const mailbox_rows>> mailboxes_;
    std::unordered_map<mailbox_id, std::uint32_t> number_of_;  // of each mailbox
    std::vector<place> places_;                                // by email, mailbox and UID
    std::vector<std::uint32_t> first_;  // of each email in places_, and one past the last
    std::vector<email> by_date_;
    std::vector<email> by_thread_;          // by thread, the oldest first
    std::vector<std::uint32_t> thread_of_;  // of each email: its thread's place in by_thread_
    std::vector<counts> counts_;            // of each mailbox
};

/// What of a set of flags and keywords JMAP calls by a name: "$seen". 0: none of the system flags.
[[nodiscard]] std::uint32_t system_flag_of(std::string_view keyword) noexcept;

}  // namespace hauspost::storage::view
