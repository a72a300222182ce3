#pragma once

#include "base/ids.hpp"
#include "storage/mail_address.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Values of mail that waits to leave.
namespace hauspost::storage {

/// RFC 3461 4.1. Empty: default.
struct queue_recipient {
    mail_address to;
    std::string original;  // ORCPT as given, "type;xtext"
    std::string notify;    // "NEVER", or a list of SUCCESS, FAILURE, DELAY
    std::uint8_t attempts = 0;
};

struct queue_item {
    queue_id id;
    mail_address reverse_path;  // empty: the null reverse-path <>
    std::vector<queue_recipient> recipients;
    std::string envelope_id;  // ENVID
    std::string ret;          // FULL or HDRS
    bool smtputf8 = false;
    bool is_8bit = false;
    blob_id blob;
    std::string prefix;  // header lines before the blob's octets
    std::uint64_t octets = 0;
    std::int64_t created_at = 0;  // Unix seconds
    std::int64_t due_at = 0;
    bool held = false;
};

}  // namespace hauspost::storage
