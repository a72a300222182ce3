#pragma once

#include "admin/page.hpp"
#include "admin/ports.hpp"
#include "admin/refusal.hpp"

#include <cstdint>
#include <string>

namespace hauspost::admin {

// Use cases on the mail that waits to leave. All but the list name a message by its number and give
// it back.

/// In the order in which the messages came.
/// after   of a page's `next`; empty: from the first
/// filter  of sender and recipients
awaitable<outcome<page<storage::queue_item>>> list_queue(ports& at,
                                                         std::string after,
                                                         std::string filter);
awaitable<outcome<storage::queue_item>> show_queued(ports& at, std::uint64_t id);
/// Delivers it now instead of when it is due, also when it was held.
awaitable<outcome<std::uint64_t>> retry_queued(ports& at, std::uint64_t id);
/// It stays until it is released.
awaitable<outcome<std::uint64_t>> hold_queued(ports& at, std::uint64_t id);
awaitable<outcome<std::uint64_t>> release_queued(ports& at, std::uint64_t id);
/// Gives the message up; nobody is told.
awaitable<outcome<std::uint64_t>> drop_queued(ports& at, std::uint64_t id);

}  // namespace hauspost::admin
