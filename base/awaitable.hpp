#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace hauspost {

namespace asio = boost::asio;

/// What every operation that may wait returns. Resumes on the executor of the coroutine that
/// awaits it. Nothing owning may be born inside a `co_await` expression (docs/develop.md).
template <class T>
using awaitable = boost::asio::awaitable<T>;

}  // namespace hauspost
