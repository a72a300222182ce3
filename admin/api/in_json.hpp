#pragma once

#include "admin/api/commands.hpp"
#include "admin/api/results.hpp"

#include <optional>
#include <string>
#include <utility>

namespace hauspost::admin::api {

inline failure failure_of(const refusal& why, const places& named) {
    auto made = failed(std::string(name_of(why.code)), sentence_of(why, named));
    made.facts = facts_json(why);
    return made;
}

/// What a use case gives, as JSON.
template <class T>
awaitable<answer> in_json(context with,
                          awaitable<outcome<T>> work,
                          json::object (*convert)(const T&, const places&)) {
    const auto done = co_await std::move(work);
    if (!done) co_return failure_of(done.error(), with.named);
    co_return convert(*done, with.named);
}
/// The same for one that cannot refuse.
template <class T>
awaitable<answer> in_json(context with,
                          awaitable<T> work,
                          json::object (*convert)(const T&, const places&)) {
    const auto done = co_await std::move(work);
    co_return convert(done, with.named);
}

/// The same for one that gives nothing.
inline awaitable<answer> in_json(context with, awaitable<std::optional<refusal>> work) {
    const auto refused = co_await std::move(work);
    if (refused) co_return failure_of(*refused, with.named);
    co_return json::object();
}

}  // namespace hauspost::admin::api
