#pragma once

#include "storage/lmdb/known_troubles.hpp"
#include "storage/lmdb/store_core.hpp"
#include "storage/overview_store.hpp"

namespace hauspost::storage::lmdb {

class overview_rows final : public overview_store {
public:
    explicit overview_rows(store_core& core) : core_(core) {}

    awaitable<account_troubles> troubles() override;
    awaitable<std::vector<std::int64_t>> records_right(std::string domain,
                                                       std::vector<std::string> records) override;
    awaitable<error_code> note_records_right(std::string domain,
                                             std::vector<std::string> records) override;

private:
    store_core& core_;
    known_troubles troubles_;
};

}  // namespace hauspost::storage::lmdb
