#include "protocols/jmap/session/mailbox_query.hpp"

#include "base/ascii.hpp"
#include "protocols/jmap/json_text.hpp"
#include "protocols/jmap/limits.hpp"
#include "protocols/message/charset.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hauspost::jmap {
namespace {

constexpr std::array<std::string_view, 5> condition_names{"parentId", "name", "role", "hasAnyRole",
                                                          "isSubscribed"};

bool is_right_form(std::string_view name, const json::value& value) {
    if (name == "hasAnyRole" || name == "isSubscribed") return value.is_bool();
    if (name == "name") return value.is_string();
    return value.is_null() || value.is_string();
}

/// null is "none", as an empty text is.
std::string_view text_of(const json::value& value) {
    return value.is_string() ? view_of(value.get_string()) : std::string_view();
}

/// A mailbox with its name in the form in which names are compared.
struct named_mailbox {
    const mailbox_object& box;
    const std::string& name;
};

bool matches_one(const named_mailbox& of,
                 std::string_view name,
                 const json::value& value,
                 const std::string& wanted_name) {
    const auto& one = of.box;
    if (name == "parentId") return one.box->parent == text_of(value);
    if (name == "role") return one.role == text_of(value);
    if (name == "hasAnyRole") return one.role.empty() != value.get_bool();
    if (name == "isSubscribed") return one.is_subscribed == value.get_bool();
    return of.name.find(wanted_name) != std::string::npos;
}

bool matches(const mailbox_question& asked, std::size_t at, const named_mailbox& one) {
    const auto& nodes = asked.nodes;
    const auto& node = nodes[at];
    if (node.what == filter_node::kind::condition)
        return std::all_of(node.given->begin(), node.given->end(), [&](const auto& member) {
            return matches_one(one, view_of(member.key()), member.value(), asked.names[at]);
        });
    const bool wanted = node.what == filter_node::kind::all;
    for (auto below = at + 1; below < at + node.length; below += nodes[below].length)
        if (matches(asked, below, one) != wanted) return node.what == filter_node::kind::any;
    return node.what != filter_node::kind::any;
}

void check_filter(const std::vector<filter_node>& nodes, std::optional<method_error>& wrong) {
    for (const auto& node : nodes) {
        if (wrong || node.given == nullptr) continue;
        for (const auto& [key, value] : *node.given) {
            const auto name = view_of(key);
            if (std::find(condition_names.begin(), condition_names.end(), name) ==
                condition_names.end())
                wrong.emplace(errors::unsupported_filter,
                              "A condition of the filter is not known.");
            else if (!is_right_form(name, value))
                wrong = wrong_argument("A condition of the filter has a wrong value.");
            else if (text_of(value).size() > request_limits::max_mailbox_name_octets)
                wrong.emplace(errors::unsupported_filter,
                              "A text to look for has at most 1024 octets.");
        }
    }
}

/// -1, 0 or 1
int compare(const named_mailbox& of_a, const named_mailbox& of_b, std::string_view property) {
    const auto &a = of_a.box, &b = of_b.box;
    if (property == "sortOrder")
        return a.sort_order == b.sort_order ? 0 : (a.sort_order < b.sort_order ? -1 : 1);
    const auto order =
        property == "name" ? of_a.name.compare(of_b.name) : a.box->parent.compare(b.box->parent);
    return order == 0 ? 0 : (order < 0 ? -1 : 1);
}

bool read_tree_flag(const json::object& from,
                    std::string_view name,
                    std::optional<method_error>& wrong) {
    const auto* value = find_in(from, name);
    if (value == nullptr) return false;
    if (!value->is_bool()) wrong = wrong_argument("\"" + std::string(name) + "\" is a boolean.");
    return value->is_bool() && value->get_bool();
}

class tree_order {
public:
    explicit tree_order(const std::vector<mailbox_object>& list) : list_(list) {
        for (std::size_t n = 0; n < list.size(); ++n)
            place_of_[list[n].box->id] = n;
    }

    /// RFC 8621 2.3 "filterAsTree": not without all those above it.
    void leave_out_orphans(std::vector<bool>& is_in) const {
        auto whole = is_in;
        for (std::size_t n = 0; n < list_.size(); ++n)
            for (auto above = parent(n); above && whole[n]; above = parent(*above))
                if (!is_in[*above]) whole[n] = false;
        is_in = std::move(whole);
    }

    /// "sortAsTree": each one before those below it.
    [[nodiscard]] std::vector<std::size_t> as_tree(const std::vector<std::size_t>& sorted) const {
        std::unordered_map<std::size_t, std::vector<std::size_t>> below;
        std::vector<std::size_t> open, made;
        for (auto n = sorted.rbegin(); n != sorted.rend(); ++n) {
            const auto above = parent(*n);
            (above ? below[*above] : open).push_back(*n);
        }
        while (!open.empty()) {
            const auto next = open.back();
            open.pop_back();
            made.push_back(next);
            const auto& more = below[next];
            open.insert(open.end(), more.begin(), more.end());
        }
        return made;
    }

private:
    [[nodiscard]] std::optional<std::size_t> parent(std::size_t n) const {
        const auto found = place_of_.find(list_[n].box->parent);
        if (found == place_of_.end()) return std::nullopt;
        return found->second;
    }

    const std::vector<mailbox_object>& list_;
    std::unordered_map<std::string_view, std::size_t> place_of_;
};

}  // namespace

mailbox_question parse_mailbox_question(const json::object& arguments,
                                        std::optional<method_error>& wrong) {
    mailbox_question made;
    made.nodes = parse_filter(arguments.if_contains("filter"), wrong);
    if (!wrong) check_filter(made.nodes, wrong);
    if (!wrong) made.sort = parse_sort(arguments.if_contains("sort"), wrong);
    for (const auto& by : made.sort)
        if (by.property != "sortOrder" && by.property != "name" && by.property != "parentId")
            wrong.emplace(errors::unsupported_sort,
                          "Mailboxes are sorted by sortOrder, name, parentId.");
    made.sorts_as_tree = read_tree_flag(arguments, "sortAsTree", wrong);
    made.filters_as_tree = read_tree_flag(arguments, "filterAsTree", wrong);
    if (wrong) return made;
    for (const auto& node : made.nodes) {
        const auto* name = node.given == nullptr ? nullptr : find_in(*node.given, "name");
        made.names.push_back(name == nullptr ? "" : message::casemap_key(text_of(*name)));
    }
    return made;
}

std::vector<std::size_t> query_mailboxes(const std::vector<mailbox_object>& list,
                                         const mailbox_question& asked) {
    std::vector<std::string> names;
    for (const auto& one : list)
        names.push_back(message::casemap_key(one.box->name));
    const auto named = [&](std::size_t n) { return named_mailbox{list[n], names[n]}; };

    const tree_order tree(list);
    std::vector<bool> is_in(list.size());
    for (std::size_t n = 0; n < list.size(); ++n)
        is_in[n] = matches(asked, 0, named(n));
    if (asked.filters_as_tree) tree.leave_out_orphans(is_in);
    std::vector<std::size_t> all(list.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    std::stable_sort(all.begin(), all.end(), [&](std::size_t a, std::size_t b) {
        for (const auto& by : asked.sort)
            if (const auto order = compare(named(a), named(b), by.property))
                return (order < 0) == by.is_ascending;
        return false;
    });
    if (asked.sorts_as_tree) all = tree.as_tree(all);
    std::erase_if(all, [&](std::size_t n) { return !is_in[n]; });
    return all;
}

}  // namespace hauspost::jmap
