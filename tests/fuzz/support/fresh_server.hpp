#pragma once

#include "tests/support/server_parts.hpp"

#include <memory>

namespace hauspost::fuzz {

inline constexpr std::uint64_t quota_octets = 64 * 1024;
inline constexpr std::uint64_t first_messages_octets = 2 * 1024;  // at most

/// Gives Ann and Bob accounts that are new, with a small quota each, so that no run depends on
/// those before. Ann has some messages in INBOX and a mailbox "x", and both may do anything with
/// the other's INBOX. is_empty  without all that
void renew_accounts(test::server_parts& parts, bool is_empty);

/// The server of many runs: a new store now and then, because it keeps what is removed for a while.
template <class Server>
class lasting_server {
public:
    Server& get() {
        constexpr unsigned runs_of_a_store = 1000;
        if (runs_++ % runs_of_a_store == 0) {
            server_.reset();
            server_ = std::make_unique<Server>();
        }
        return *server_;
    }

private:
    std::unique_ptr<Server> server_;
    unsigned runs_ = 0;
};

}  // namespace hauspost::fuzz
