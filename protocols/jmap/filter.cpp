#include "protocols/jmap/filter.hpp"

#include "protocols/jmap/limits.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

namespace hauspost::jmap {
namespace {

const json::object no_members;

/// RFC 8620 1.3: Int and UnsignedInt are within 2^53.
constexpr std::int64_t most_int = (std::int64_t{1} << 53) - 1;

class filter_reader {
public:
    std::optional<method_error> wrong;

    void read(const json::value& given, std::size_t depth) {
        const auto* object = given.if_object();
        if (object == nullptr) return fail(errors::invalid_arguments, "A filter is an object.");
        if (nodes.size() >= request_limits::max_filter_nodes ||
            depth > request_limits::max_filter_depth)
            return fail(errors::unsupported_filter, "The filter is too large.");
        const auto at = nodes.size();
        nodes.push_back({filter_node::kind::condition, 1, object});
        if (const auto* name = object->if_contains("operator")) read_operator(at, *name, depth);
        if (!wrong) nodes[at].length = static_cast<std::uint32_t>(nodes.size() - at);
    }

    std::vector<filter_node> nodes;

private:
    void fail(std::string_view type, std::string said) {
        if (!wrong) wrong.emplace(type, std::move(said));
    }

    void read_operator(std::size_t at, const json::value& name, std::size_t depth) {
        const auto* text = name.if_string();
        const auto* below = nodes[at].given->if_contains("conditions");
        if (text == nullptr || below == nullptr || !below->is_array() ||
            nodes[at].given->size() != 2)
            return fail(errors::invalid_arguments,
                        "An operator of a filter has \"operator\" and \"conditions\" alone.");
        if (*text == "AND")
            nodes[at].what = filter_node::kind::all;
        else if (*text == "OR")
            nodes[at].what = filter_node::kind::any;
        else if (*text == "NOT")
            nodes[at].what = filter_node::kind::none;
        else
            return fail(errors::invalid_arguments, "An operator is AND, OR or NOT.");
        nodes[at].given = nullptr;
        for (const auto& one : below->get_array()) {
            if (wrong) return;
            read(one, depth + 1);
        }
    }
};

bool read_text(const json::object& from, std::string_view name, std::string& into) {
    const auto* value = find_in(from, name);
    if (value == nullptr || value->is_null()) return true;
    if (!value->is_string()) return false;
    into = view_of(value->get_string());
    return true;
}

bool read_flag(const json::object& from, std::string_view name, bool& into) {
    const auto* value = find_in(from, name);
    if (value == nullptr) return true;
    if (!value->is_bool()) return false;
    into = value->get_bool();
    return true;
}

bool read_int(const json::object& from, std::string_view name, std::int64_t& into) {
    const auto* value = find_in(from, name);
    if (value == nullptr || value->is_null()) return true;
    const auto* number = value->if_int64();
    if (number == nullptr || *number > most_int || *number < -most_int) return false;
    into = *number;
    return true;
}

}  // namespace

std::vector<filter_node> parse_filter(const json::value* given,
                                      std::optional<method_error>& wrong) {
    if (given == nullptr || given->is_null())
        return {{filter_node::kind::condition, 1, &no_members}};
    filter_reader reader;
    reader.read(*given, 1);
    wrong = std::move(reader.wrong);
    return std::move(reader.nodes);
}

std::vector<comparator> parse_sort(const json::value* given, std::optional<method_error>& wrong) {
    std::vector<comparator> all;
    if (given == nullptr || given->is_null()) return all;
    const auto* list = given->if_array();
    if (list == nullptr) {
        wrong = wrong_argument("\"sort\" is a list of comparators.");
        return all;
    }
    if (list->size() > request_limits::max_comparators)
        wrong.emplace(errors::unsupported_sort, "There are too many comparators.");
    for (auto one = list->begin(); one != list->end() && !wrong; ++one) {
        auto& made = all.emplace_back();
        std::string collation;
        const auto* object = one->if_object();
        if (object == nullptr || !read_text(*object, "property", made.property) ||
            made.property.empty() || !read_flag(*object, "isAscending", made.is_ascending) ||
            !read_text(*object, "keyword", made.keyword) ||
            !read_text(*object, "collation", collation))
            wrong = wrong_argument("A comparator has a property, and isAscending as a boolean.");
        else if (!collation.empty() && collation != "i;unicode-casemap")
            wrong.emplace(errors::unsupported_sort, "The collation is i;unicode-casemap.");
    }
    return all;
}

list_window parse_window(const json::object& arguments, std::optional<method_error>& wrong) {
    list_window made;
    std::int64_t limit = -1;
    if (!read_int(arguments, "position", made.position) ||
        !read_int(arguments, "anchorOffset", made.anchor_offset))
        wrong = wrong_argument("\"position\" and \"anchorOffset\" are integers.");
    if (!read_text(arguments, "anchor", made.anchor))
        wrong = wrong_argument("\"anchor\" is an id.");
    if (!read_int(arguments, "limit", limit) || limit < -1)
        wrong = wrong_argument("\"limit\" is an integer that is not negative.");
    if (const auto* given = arguments.if_contains("limit"); given && !given->is_null()) {
        if (limit < 0) wrong = wrong_argument("\"limit\" is an integer that is not negative.");
        made.limit = static_cast<std::uint64_t>(std::max<std::int64_t>(limit, 0));
    }
    if (!read_flag(arguments, "calculateTotal", made.is_total_wanted))
        wrong = wrong_argument("\"calculateTotal\" is a boolean.");
    return made;
}

std::size_t begin_of(const list_window& window, std::size_t size, std::size_t at_anchor) noexcept {
    const auto many = static_cast<std::int64_t>(size);
    auto begin = window.position;
    if (!window.anchor.empty())
        begin = static_cast<std::int64_t>(at_anchor) + window.anchor_offset;
    else if (begin < 0)
        begin += many;
    return static_cast<std::size_t>(std::clamp<std::int64_t>(begin, 0, many));
}

}  // namespace hauspost::jmap
