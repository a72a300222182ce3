#include "protocols/jmap/patch.hpp"

#include "protocols/jmap/json_pointer.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::jmap {
namespace {

/// No object of JMAP is deeper; a pointer of a million steps is not gone along.
constexpr std::ptrdiff_t max_steps = 32;

/// In the order of octets "a" and "a/b" need not be neighbours ("a-" is between them), so each is
/// looked for among all.
bool has_overlap(const std::vector<std::string>& sorted) {
    for (const auto& one : sorted)
        for (auto slash = one.find('/', 1); slash != std::string::npos;
             slash = one.find('/', slash + 1))
            if (std::binary_search(sorted.begin(), sorted.end(), one.substr(0, slash))) return true;
    return false;
}

/// False: a parent is missing, or is no object.
bool put(json::object& to, std::string_view pointer, const json::value& value) {
    auto* at = &to;
    for (;;) {
        auto step = first_step(pointer);
        if (step.rest.empty()) {
            if (value.is_null() && at != &to)
                at->erase(step.name);
            else
                (*at)[step.name] = value;
            return true;
        }
        auto* next = at->if_contains(step.name);
        if (next == nullptr || !next->is_object()) return false;
        at = &next->get_object();
        pointer = step.rest;
    }
}

}  // namespace

std::string apply_patch(json::object& to, const json::object& patch) {
    std::vector<std::string> pointers;
    for (const auto& [name, value] : patch) {
        auto pointer = "/" + std::string(name);
        if (!is_pointer(pointer)) return "A name of a patch is no JSON pointer.";
        if (std::count(pointer.begin(), pointer.end(), '/') > max_steps)
            return "A name of a patch leads through what is not there.";
        pointers.push_back(std::move(pointer));
    }
    std::sort(pointers.begin(), pointers.end());
    if (has_overlap(pointers)) return "A name of a patch is the beginning of another one.";
    json::object made = to;
    for (const auto& [name, value] : patch)
        if (!put(made, "/" + std::string(name), value))
            return "A name of a patch leads through what is not there, or is a list.";
    to = std::move(made);
    return {};
}

}  // namespace hauspost::jmap
