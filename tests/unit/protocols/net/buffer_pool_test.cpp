#include "protocols/net/buffer_pool.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

using hauspost::net::buffer_pool;

TEST_CASE("buffer pool: a buffer that was given back is used again") {
    buffer_pool pool;
    const char* first = nullptr;
    {
        const auto buffer = pool.take(false);
        first = buffer.data();
        CHECK(buffer.size() == buffer_pool::small_octets);
    }
    CHECK(pool.take(false).data() == first);
}

TEST_CASE("buffer pool: the 65th large buffer is a small one until another comes back") {
    buffer_pool pool;
    std::vector<buffer_pool::buffer> taken;
    for (std::size_t i = 0; i < buffer_pool::max_large; ++i)
        taken.push_back(pool.take(true));
    CHECK(taken.back().size() == buffer_pool::large_octets);
    CHECK(pool.take(true).size() == buffer_pool::small_octets);
    taken.pop_back();
    CHECK(pool.take(true).size() == buffer_pool::large_octets);
    taken.clear();
    CHECK(pool.large_in_use() == 0);
}

TEST_CASE("buffer pool: a moved buffer goes back once") {
    buffer_pool pool;
    auto one = pool.take(true);
    auto two = std::move(one);
    CHECK(pool.large_in_use() == 1);
    two = pool.take(true);
    CHECK(pool.large_in_use() == 1);
    two = buffer_pool::buffer();
    CHECK(pool.large_in_use() == 0);
    CHECK_FALSE(static_cast<bool>(two));
}
