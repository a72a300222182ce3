#pragma once

#include "base/ids.hpp"
#include "storage/mail_address.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Values of the directory that cross the storage ports: who has mail here, and where it goes.
namespace hauspost::storage {

/// The rows of the directory have a version, which is another after each change of the row and
/// never an old one: who kept a copy sees whether it still is what is stored.

struct account {
    account_id id;
    mail_address name;  // the login
    std::string display_name;
    std::string password_hash;       // Argon2id in PHC form; empty: no login
    std::uint64_t quota_octets = 0;  // 0: no limit
    bool active = true;
    std::vector<mail_address> forwards;  // local or remote
    bool keep_copy = true;               // with forwards: also deliver here
    std::string note;
    std::int64_t created_at = 0;  // Unix seconds
    std::uint64_t version = 0;    // 0: not stored yet
    bool files_sent = true;       // what he submits is put into Sent
};

struct alias {
    mail_address name;
    std::vector<mail_address> targets;  // local or remote, at least one
    bool enabled = true;
    std::uint64_t version = 0;
};

struct domain {
    std::string name;        // as address::to_a_labels makes it
    mail_address catch_all;  // empty: none
    std::int64_t created_at = 0;
    std::uint64_t version = 0;
};

struct account_usage {
    std::uint64_t octets = 0;
    std::uint64_t messages = 0;
};

/// What an account's mail may be and is, in octets of RFC822.SIZE.
struct quota_state {
    std::uint64_t used = 0;
    std::uint64_t limit = 0;  // 0: none
};

}  // namespace hauspost::storage
