#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "protocols/imap/view/notify.hpp"

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace hauspost::imap {

/// One picture for all sessions of an account. It costs as much as the account has mailboxes, and
/// each commit would have every session take one: so they share the latest, and after one was taken
/// the next has to wait, the longer the more it has cost. Nothing is lost by waiting: two pictures
/// are compared, however many commits lie between them. Thread: any.
class notify_pictures {
public:
    /// Pictures are the same for sessions that are equal in this.
    struct kind {
        const void* store = nullptr;  // it is of; tests have several
        account_id account;
        bool has_shared = false;   // mailboxes of others, too
        bool has_entries = false;  // annotations, too
        friend auto operator<=>(const kind&, const kind&) = default;
    };
    struct taken {
        steady_time began;                              // it shows all that was committed before
        std::shared_ptr<const notify_picture> picture;  // null: there is none
    };

    /// 1/rest_share of the time of one thread may go into the pictures of one kind.
    static constexpr int rest_share = 16;

    static constexpr std::chrono::milliseconds longest_gap{1000};

    explicit notify_pictures(std::chrono::milliseconds least_gap = std::chrono::milliseconds(50));
    /// Those of all sessions of the process.
    static notify_pictures& shared();

    [[nodiscard]] taken latest(const kind& of) const;
    /// nullopt: take one now, and nobody else will; otherwise when to ask again.
    [[nodiscard]] std::optional<steady_time> reserve(const kind& of, steady_time now);
    /// One that was taken from `began` to `ended`.
    void keep(const kind& of,
              steady_time began,
              steady_time ended,
              std::shared_ptr<const notify_picture> picture);
    /// Those of a store that goes: the next one may stand at the same address.
    void forget(const void* store);
    /// How many were kept, for tests and metrics.
    [[nodiscard]] std::uint64_t count() const;

private:
    static constexpr std::size_t fewest_to_tidy = 16;
    struct entry {
        steady_time began;
        steady_time next_at;
        std::shared_ptr<const notify_picture> picture;
    };
    void forget_unused(steady_time now);

    const std::chrono::milliseconds least_gap_;
    mutable std::mutex mutex_;
    std::map<kind, entry> entries_;
    std::size_t tidy_at_ = fewest_to_tidy;
    std::uint64_t count_ = 0;
};

}  // namespace hauspost::imap
