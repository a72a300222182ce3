#pragma once

#include "protocols/sasl/credentials.hpp"
#include "storage/traffic_store.hpp"

#include <string>

namespace hauspost::auth {

/// Somebody else's verdicts, each counted: who got in, and whose password was wrong.
///
/// Lifetime: both must outlive it.
class counted_credentials final : public sasl::credentials {
public:
    counted_credentials(sasl::credentials& judge, storage::traffic_store& traffic)
        : judge_(judge), traffic_(traffic) {}

    awaitable<result<sasl::identity>> check(std::string user,
                                            secret password,
                                            std::string peer,
                                            function_ref<void(account_id)> listen) override;

private:
    sasl::credentials& judge_;
    storage::traffic_store& traffic_;
};

}  // namespace hauspost::auth
