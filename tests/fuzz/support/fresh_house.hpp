#pragma once

#include "tests/support/test_imap.hpp"

#include <memory>

namespace hauspost::fuzz {

inline constexpr std::uint64_t quota_octets = 64 * 1024;
inline constexpr std::uint64_t first_messages_octets = 2 * 1024;  // at most

/// Gives Ann and Bob accounts that are new, with a small quota each, so that no run depends on
/// those before. Ann has some messages in INBOX and a mailbox "x", and both may do anything with
/// the other's INBOX. is_empty  without all that
void renew_accounts(test::imap_house& house, bool is_empty);

/// The house of many runs: a new store now and then, because it keeps what is removed for a while.
template <class House>
class lasting_house {
public:
    House& get() {
        constexpr unsigned runs_of_a_store = 1000;
        if (runs_++ % runs_of_a_store == 0) {
            house_.reset();
            house_ = std::make_unique<House>();
        }
        return *house_;
    }

private:
    std::unique_ptr<House> house_;
    unsigned runs_ = 0;
};

}  // namespace hauspost::fuzz
