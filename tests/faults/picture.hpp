#pragma once

#include "tests/support/open_store.hpp"

#include <boost/asio/io_context.hpp>

#include <string>

namespace hauspost::storage::test {

/// All that clients, peers and the operator can see of a store, a fact in each line: domains,
/// aliases, accounts, mailboxes with counters, subscriptions, rights, annotations, messages with
/// flags and octets, what was expunged, the queue, secrets. Of accounts that were removed: what is kept of
/// c@example.test and d@example.test.
[[nodiscard]] std::string picture(boost::asio::io_context& io, const ports& store);

/// The first lines in which two pictures differ, for messages of tests.
[[nodiscard]] std::string difference(const std::string& expected, const std::string& seen);

}  // namespace hauspost::storage::test
