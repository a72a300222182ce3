#pragma once

#include "base/awaitable.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hauspost::net {

/// Completion token of waits whose error is a value: `const auto [ec] = co_await wait(by_value);`
inline constexpr auto by_value = asio::as_tuple(asio::use_awaitable);

}  // namespace hauspost::net
