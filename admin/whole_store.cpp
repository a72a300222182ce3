#include "admin/whole_store.hpp"

#include <utility>

namespace hauspost::admin {

awaitable<outcome<storage::check_report>> check_store(ports& at) {
    auto report = co_await at.store.check();
    if (!report) co_return refuse(refusal_code::check_running);
    co_return std::move(*report);
}

awaitable<std::optional<refusal>> tell_put_back(ports& at) {
    const bool done = co_await at.store.tell_put_back();
    if (!done) co_return refuse(refusal_code::check_running);
    co_return std::nullopt;
}

}  // namespace hauspost::admin
