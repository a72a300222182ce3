#include "protocols/jmap/result_reference.hpp"

#include "protocols/jmap/json_pointer.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace hauspost::jmap {
namespace {

/// Why a reference leads nowhere.
method_error lost_reference(std::string said) {
    return {errors::invalid_result_reference, std::move(said)};
}

/// A walk along a path, whose end is put together in `found`.
class path_walk {
public:
    explicit path_walk(std::size_t& budget) noexcept : budget_(budget) {}

    /// False: it leads nowhere, or to too much.
    [[nodiscard]] bool go(const json::value& from, std::string_view path, json::value& found) {
        if (path.empty()) return take(from, found);
        if (const auto* object = from.if_object()) return go_into(*object, path, found);
        const auto step = first_step(path);
        const auto* list = from.if_array();
        if (list == nullptr) return false;
        if (step.name == "*") return go_through(*list, step.rest, found);
        const auto at = index_of(step.name);
        return at && *at < list->size() && go((*list)[*at], step.rest, found);
    }

    /// path  not empty
    [[nodiscard]] bool go_into(const json::object& from,
                               std::string_view path,
                               json::value& found) {
        const auto step = first_step(path);
        const auto* next = find_in(from, step.name);
        return next != nullptr && go(*next, step.rest, found);
    }

    [[nodiscard]] bool is_too_much() const noexcept { return is_too_much_; }

private:
    bool take(const json::value& from, json::value& found) {
        const auto costs = weight_of(from, budget_ + 1);
        is_too_much_ = costs > budget_;
        if (is_too_much_) return false;
        budget_ -= costs;
        found = from;
        return true;
    }

    /// RFC 8620 3.7: each item in turn; lists that come of it are put into one.
    bool go_through(const json::array& list, std::string_view rest, json::value& found) {
        json::array all;
        for (const auto& one : list) {
            json::value part;
            if (!go(one, rest, part)) return false;
            auto* parts = part.if_array();
            if (parts == nullptr)
                all.push_back(std::move(part));
            else
                std::move(parts->begin(), parts->end(), std::back_inserter(all));
        }
        found = std::move(all);
        return true;
    }

    std::size_t& budget_;
    bool is_too_much_ = false;
};

const json::string* text_in(const json::object& of, std::string_view name) noexcept {
    const auto* value = find_in(of, name);
    return value == nullptr ? nullptr : value->if_string();
}

std::optional<method_error> resolve_one(const json::value& reference,
                                        const std::vector<invocation>& earlier,
                                        std::size_t& budget,
                                        json::value& found) {
    const auto* object = reference.if_object();
    if (object == nullptr) return lost_reference("A reference is an object.");
    const auto* result_of = text_in(*object, "resultOf");
    const auto* name = text_in(*object, "name");
    const auto* path = text_in(*object, "path");
    if (result_of == nullptr || name == nullptr || path == nullptr)
        return lost_reference("A reference has resultOf, name and path.");
    const auto answer = std::find_if(earlier.begin(), earlier.end(), [&](const invocation& one) {
        return one.call_id == view_of(*result_of);
    });
    if (answer == earlier.end()) return lost_reference("No call before has this call id.");
    if (answer->name != view_of(*name))
        return lost_reference("The answer to that call has another name.");
    const auto way = view_of(*path);
    if (!is_pointer(way)) return lost_reference("The path is no JSON pointer.");
    path_walk walk(budget);
    const auto& from = answer->arguments;
    const bool is_found =
        way.empty() ? walk.go(json::value(from), way, found) : walk.go_into(from, way, found);
    if (is_found) return std::nullopt;
    if (walk.is_too_much())
        return method_error(errors::request_too_large, "The references bring too much.");
    return lost_reference("The path leads to nothing.");
}

}  // namespace

std::optional<method_error> resolve_references(json::object& arguments,
                                               const std::vector<invocation>& earlier,
                                               std::size_t& budget) {
    std::vector<std::string> names;
    for (const auto& [name, value] : arguments)
        if (name.starts_with('#')) names.emplace_back(name);
    for (const auto& marked : names) {
        const auto name = marked.substr(1);
        if (arguments.contains(name))
            return wrong_argument("An argument is there with and without \"#\".");
        json::value found;
        auto wrong = resolve_one(arguments.at(marked), earlier, budget, found);
        if (wrong) return wrong;
        arguments.erase(marked);
        arguments[name] = std::move(found);
    }
    return std::nullopt;
}

}  // namespace hauspost::jmap
