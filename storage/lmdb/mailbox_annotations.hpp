#pragma once

#include "storage/annotation_store.hpp"
#include "storage/lmdb/store_core.hpp"

namespace hauspost::storage::lmdb {

class mailbox_annotations final : public annotation_store {
public:
    explicit mailbox_annotations(store_core& core) : core_(core) {}

    awaitable<result<std::vector<annotation>>> annotations(mailbox_key mailbox,
                                                           std::vector<std::string> entries,
                                                           mail::metadata_depth below) override;
    awaitable<result<std::vector<annotation_print>>> annotation_prints(account_id account) override;
    awaitable<error_code> annotate(mailbox_key mailbox,
                                   std::vector<annotation_change> changes) override;

private:
    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
