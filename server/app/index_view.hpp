#pragma once

#include "admin/text_index.hpp"
#include "storage/index/search_indexer.hpp"

namespace hauspost::server {

/// The full-text index of the running server, for administrators.
class index_view final : public admin::text_index {
public:
    explicit index_view(storage::index::search_indexer& of) : of_(of) {}
    awaitable<std::optional<admin::index_figures>> look() override;
    void rebuild(std::optional<account_id> account) override { of_.rebuild(account); }

private:
    storage::index::search_indexer& of_;
};

}  // namespace hauspost::server
