#include "protocols/jmap/json_text.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace hauspost::jmap {
namespace {

/// What stands outside of strings. Of a text that is JSON it says how much of everything there is;
/// of any other it is no less than what a parser would make before it gives up.
struct json_count {
    std::size_t names = 0;   // one colon each
    std::size_t values = 1;  // no more than one for each comma and each bracket that opens
    std::size_t depth = 0;   // the greatest
};

json_count count_in(std::string_view text) {
    json_count got;
    std::size_t open = 0;
    bool is_in_string = false;
    for (std::size_t n = 0; n < text.size(); ++n) {
        const char c = text[n];
        if (c == '"') is_in_string = !is_in_string;
        if (is_in_string) {
            if (c == '\\') ++n;
            continue;
        }
        if (c == ':') ++got.names;
        if (c == ',') ++got.values;
        if (c == '[' || c == '{') {
            ++got.values;
            got.depth = std::max(got.depth, ++open);
        }
        if ((c == ']' || c == '}') && open > 0) --open;
    }
    return got;
}

/// Of equal names a value has the last one alone. Nested no deeper than the bounds.
std::size_t names_in(const json::value& value) {
    std::size_t names = 0;
    if (const auto* list = value.if_array())
        for (const auto& one : *list)
            names += names_in(one);
    if (const auto* object = value.if_object())
        for (const auto& [name, one] : *object)
            names += 1 + names_in(one);
    return names;
}

}  // namespace

json_fault parse_json(std::string_view text, json_bounds within, json::value& into) {
    const auto counted = count_in(text);
    if (counted.depth > within.depth) return json_fault::too_deep;
    if (counted.values > within.values) return json_fault::too_many;
    json::parse_options options;
    options.max_depth = within.depth;
    boost::system::error_code wrong;
    auto value = json::parse(json::string_view(text.data(), text.size()), wrong, {}, options);
    if (wrong || names_in(value) != counted.names) return json_fault::not_json;
    into = std::move(value);
    return json_fault::none;
}

std::size_t weight_of(const json::value& of, std::size_t enough) {
    constexpr std::size_t of_value = 24;
    std::size_t sum = of_value;
    if (const auto* text = of.if_string()) return sum + text->size();
    if (const auto* list = of.if_array())
        for (auto one = list->begin(); one != list->end() && sum < enough; ++one)
            sum += weight_of(*one, enough - sum);
    if (const auto* object = of.if_object())
        for (auto one = object->begin(); one != object->end() && sum < enough; ++one)
            sum += one->key().size() + weight_of(one->value(), enough - std::min(sum, enough));
    return sum;
}

}  // namespace hauspost::jmap
