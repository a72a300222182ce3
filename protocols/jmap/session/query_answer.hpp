#pragma once

#include "protocols/jmap/filter.hpp"
#include "protocols/jmap/session/call.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hauspost::jmap {

/// What a /query answers whose whole result is `ids`; the part of it that was asked for.
/// Answers  anchorNotFound
/// RFC      8620 5.5
[[nodiscard]] method_answer query_answer(const visible_account& account,
                                         const std::string& state,
                                         const list_window& window,
                                         const std::vector<std::string>& ids);

/// The same for who makes ids of the window alone: how many there are in all, where it begins, and
/// what is in it.
[[nodiscard]] json::object query_object(const visible_account& account,
                                        const std::string& state,
                                        const list_window& window,
                                        std::size_t total,
                                        std::size_t begin,
                                        json::array ids);

/// How many of a list of `size` are in a window that begins there.
[[nodiscard]] std::size_t length_of(const list_window& window,
                                    std::size_t size,
                                    std::size_t begin) noexcept;

/// "sinceState" and "maxChanges" of a /changes.
[[nodiscard]] std::string parse_since(const json::object& arguments,
                                      std::optional<method_error>& wrong);

/// Nothing has changed since, or nobody knows what (cannotCalculateChanges). RFC 8620 5.2
[[nodiscard]] method_answer no_changes(const visible_account& account,
                                       const std::string& since,
                                       const std::string& state);

}  // namespace hauspost::jmap
