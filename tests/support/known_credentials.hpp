#pragma once

#include "protocols/sasl/credentials.hpp"

#include <functional>
#include <map>
#include <string>

namespace hauspost::test {

/// Knows users by heart; "busy@...", "off@..." and "throttled@..." get those verdicts, for
/// "fault@..." it throws.
class known_credentials final : public sasl::credentials {
public:
    awaitable<result<sasl::identity>> check(std::string user,
                                            secret password,
                                            std::string peer,
                                            function_ref<void(account_id)> listen) override;
    std::map<std::string, account_id> users;  // each with the password "pw"
    std::function<void()> after_listening;    // what happens before the last look at the account
};

}  // namespace hauspost::test
