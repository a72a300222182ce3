#pragma once

#include "protocols/sasl/credentials.hpp"
#include "storage/sign_in_store.hpp"
#include "storage/traffic_store.hpp"

#include <string>

namespace hauspost::auth {

/// Somebody else's verdicts, each counted: who got in, and whose password was wrong. It is written down who was
/// last let in to each account, with which program.
///
/// Lifetime: all must outlive it.
class counted_credentials final : public sasl::credentials {
public:
    counted_credentials(sasl::credentials& judge,
                        storage::traffic_store& traffic,
                        storage::sign_in_store& sign_ins)
        : judge_(judge), traffic_(traffic), sign_ins_(sign_ins) {}

    awaitable<result<sasl::identity>> check(std::string user,
                                            secret password,
                                            std::string peer,
                                            function_ref<void(account_id)> listen) override;
    void note_client(account_id account, const sasl::client& client) noexcept override;

private:
    sasl::credentials& judge_;
    storage::traffic_store& traffic_;
    storage::sign_in_store& sign_ins_;
};

}  // namespace hauspost::auth
