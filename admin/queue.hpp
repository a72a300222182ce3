#pragma once

#include "admin/ports.hpp"
#include "admin/refusal.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::admin {

// Use cases on the mail that waits to leave.

struct queue_view {
    queue_view() = default;
    std::vector<storage::queue_item> items;
    std::size_t looked_at = 0;
    bool has_more = false;  // wait than were looked at
};

/// The next due first.
/// filter  of sender and recipients
awaitable<queue_view> list_queue(ports& at, std::string filter);
awaitable<outcome<storage::queue_item>> show_queued(ports& at, std::uint64_t id);
/// Gives the message up; nobody is told. Gives its number.
awaitable<outcome<std::uint64_t>> remove_queued(ports& at, std::uint64_t id);

}  // namespace hauspost::admin
