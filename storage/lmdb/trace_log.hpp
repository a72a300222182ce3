#pragma once

#include "storage/lmdb/store_core.hpp"
#include "storage/trace_store.hpp"

namespace hauspost::storage::lmdb {

class trace_log final : public trace_store {
public:
    explicit trace_log(store_core& core) : core_(core) {}

    [[nodiscard]] bool is_on() const noexcept override { return core_.trace.is_on(); }
    [[nodiscard]] bool keeps_subjects() const noexcept override {
        return core_.keeping.trace_subjects();
    }
    void note(trace_event event) noexcept override;
    awaitable<result<trace_page>> find(trace_query wanted) override;

private:
    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
