#include "protocols/jmap/session/query_answer.hpp"

#include "protocols/jmap/json_text.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::jmap {
namespace {

/// A client that names no limit gets so many at most, and is told so.
constexpr std::uint64_t own_limit = 10'000;

}  // namespace

std::size_t length_of(const list_window& window, std::size_t size, std::size_t begin) noexcept {
    const auto most = std::min(window.limit.value_or(own_limit), own_limit);
    return static_cast<std::size_t>(std::min<std::uint64_t>(most, size - begin));
}

json::object query_object(const visible_account& account,
                          const std::string& state,
                          const list_window& window,
                          std::size_t total,
                          std::size_t begin,
                          json::array ids) {
    json::object said;
    said["accountId"] = account.id;
    said["queryState"] = state;
    said["canCalculateChanges"] = false;
    said["position"] = begin;
    said["ids"] = std::move(ids);
    if (window.is_total_wanted) said["total"] = total;
    // RFC 8620 5.5: told only where it is not what the client asked for.
    if (window.limit.value_or(own_limit + 1) > own_limit) said["limit"] = own_limit;
    return said;
}

method_answer query_answer(const visible_account& account,
                           const std::string& state,
                           const list_window& window,
                           const std::vector<std::string>& ids) {
    std::size_t at_anchor = 0;
    if (!window.anchor.empty()) {
        const auto found = std::find(ids.begin(), ids.end(), window.anchor);
        if (found == ids.end()) return method_error(errors::anchor_not_found, "");
        at_anchor = static_cast<std::size_t>(found - ids.begin());
    }
    const auto begin = begin_of(window, ids.size(), at_anchor);
    json::array shown;
    for (auto n = begin; n < begin + length_of(window, ids.size(), begin); ++n)
        shown.emplace_back(ids[n]);
    return query_object(account, state, window, ids.size(), begin, std::move(shown));
}

std::string parse_since(const json::object& arguments, std::optional<method_error>& wrong) {
    const auto* most = arguments.if_contains("maxChanges");
    if (most != nullptr && !most->is_null() && (!most->is_int64() || most->get_int64() <= 0))
        wrong = wrong_argument("\"maxChanges\" is an integer above zero.");
    const auto* since = arguments.if_contains("sinceState");
    if (since != nullptr && since->is_string()) return std::string(view_of(since->get_string()));
    wrong = wrong_argument("\"sinceState\" is a state.");
    return {};
}

method_answer no_changes(const visible_account& account,
                         const std::string& since,
                         const std::string& state) {
    if (since != state)
        return method_error(errors::cannot_calculate_changes,
                            "Something has changed since that state; ask for all anew.");
    json::object said;
    said["accountId"] = account.id;
    said["oldState"] = since;
    said["newState"] = state;
    said["hasMoreChanges"] = false;
    for (const auto* name : {"created", "updated", "destroyed"})
        said[name] = json::array();
    return said;
}

}  // namespace hauspost::jmap
