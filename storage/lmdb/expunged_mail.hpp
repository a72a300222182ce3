#pragma once

#include "storage/expunged_store.hpp"
#include "storage/lmdb/store_core.hpp"

#include <mutex>
#include <string>
#include <vector>

namespace hauspost::storage::lmdb {

class expunged_mail final : public expunged_store {
public:
    explicit expunged_mail(store_core& core) : core_(core) {}

    [[nodiscard]] std::chrono::seconds retention() const noexcept override;
    awaitable<account_usage> expunged(mail_address address) override;
    awaitable<result<std::uint64_t>> purge(mail_address address) override;
    awaitable<result<restored_mail>> restore(mail_address address,
                                             std::chrono::seconds within) override;
    awaitable<result<expunged_page>> find(expunged_query wanted,
                                          const heading_reader& headings) override;
    awaitable<result<mail_returned>> bring_back(restore_request wanted,
                                                const heading_reader& headings) override;
    awaitable<result<std::uint64_t>> undo(restore_undo what) override;
    awaitable<result<std::vector<removed_mailer>>> removed_accounts() override;
    awaitable<result<std::vector<mass_deletion>>> mass_deletions(std::int64_t since) override;

private:
    [[nodiscard]] std::int64_t now() const;
    /// The walk of a search in slices on a reader thread. Refuses busy.
    template <class Search>
    awaitable<error_code> run_search(Search& search);

    store_core& core_;
    /// Asked for every few seconds by each page that is open, and a walk over what went in a day.
    struct {
        std::mutex mutex;
        std::int64_t found_at = 0, since = 0;  // 0: not yet
        std::vector<mass_deletion> found;
    } deletions_;
};

}  // namespace hauspost::storage::lmdb
