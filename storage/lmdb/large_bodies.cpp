#include "storage/lmdb/large_bodies.hpp"

#include <algorithm>

namespace hauspost::storage::lmdb {
namespace {

bool has_to_be_laid_down(const staged_body* body) {
    return body->is_large() && body->is_in_memory();
}

}  // namespace

awaitable<error_code> lay_down_large(store_core& core,
                                     std::span<staged_body* const> bodies,
                                     function_ref<error_code(const txn&, bool)> refuse) {
    if (std::none_of(bodies.begin(), bodies.end(), has_to_be_laid_down)) co_return error_code();
    if (core.writer->is_busy()) co_return make_error_code(errc::busy);
    {
        const bool is_room_low = core.env.is_nearly_full() || core.room.is_low();
        const read_txn tx(core.env);
        if (const auto refused = refuse(tx, is_room_low)) co_return refused;
    }
    for (auto* body : bodies) {
        if (!has_to_be_laid_down(body)) continue;
        const auto failed = co_await body->lay_down();
        if (failed) co_return failed;
    }
    co_return error_code();
}

std::size_t octets_in_memory(std::span<staged_body* const> bodies) noexcept {
    std::size_t octets = 0;
    for (const auto* body : bodies)
        if (body->is_in_memory()) octets += body->memory().size();
    return octets;
}

}  // namespace hauspost::storage::lmdb
