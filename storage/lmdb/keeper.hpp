#pragma once

#include "storage/blob_store.hpp"
#include "storage/lmdb/store_core.hpp"
#include "storage/store_keeper.hpp"

namespace hauspost::storage::lmdb {

class keeper final : public store_keeper {
public:
    keeper(store_core& core, blob_store& blobs) : core_(core), blobs_(blobs) {}

    void stop() override;
    void on_broken(std::function<void(const std::string& what)> listener) override;
    [[nodiscard]] check_report check() override;
    std::size_t tidy() override;
    [[nodiscard]] store_figures figures() override;
    void keep(const keeping& wanted) noexcept override { core_.keeping.set(wanted); }
    [[nodiscard]] std::uint64_t put_backs() override;
    void tell_put_back() override;
    std::size_t renew_summaries(const summary_maker& maker) override;

private:
    store_core& core_;
    blob_store& blobs_;
};

}  // namespace hauspost::storage::lmdb
