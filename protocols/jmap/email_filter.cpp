#include "protocols/jmap/email_filter.hpp"

#include "base/ascii.hpp"
#include "protocols/jmap/limits.hpp"
#include "protocols/jmap/request.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hauspost::jmap {
namespace {

using kind = email_condition::kind;

enum class value_form : std::uint8_t { id, ids, date, size, keyword, flag, words, header };

struct known_condition {
    std::string_view name;
    kind what;
    value_form given_as;
};

constexpr std::array known_conditions{
    known_condition{"inMailbox", kind::in_mailbox, value_form::id},
    known_condition{"inMailboxOtherThan", kind::in_mailbox_other_than, value_form::ids},
    known_condition{"before", kind::before, value_form::date},
    known_condition{"after", kind::after, value_form::date},
    known_condition{"minSize", kind::min_size, value_form::size},
    known_condition{"maxSize", kind::max_size, value_form::size},
    known_condition{"allInThreadHaveKeyword", kind::all_in_thread_keyword, value_form::keyword},
    known_condition{"someInThreadHaveKeyword", kind::some_in_thread_keyword, value_form::keyword},
    known_condition{"noneInThreadHaveKeyword", kind::none_in_thread_keyword, value_form::keyword},
    known_condition{"hasKeyword", kind::has_keyword, value_form::keyword},
    known_condition{"notKeyword", kind::not_keyword, value_form::keyword},
    known_condition{"hasAttachment", kind::has_attachment, value_form::flag},
    known_condition{"text", kind::text, value_form::words},
    known_condition{"from", kind::from, value_form::words},
    known_condition{"to", kind::to, value_form::words},
    known_condition{"cc", kind::cc, value_form::words},
    known_condition{"bcc", kind::bcc, value_form::words},
    known_condition{"subject", kind::subject, value_form::words},
    known_condition{"body", kind::body, value_form::words},
    known_condition{"header", kind::header, value_form::header},
};

bool read_ids(const json::value& given, std::vector<std::string>& into) {
    const auto* list = given.if_array();
    if (list == nullptr) return false;
    for (const auto& one : *list) {
        if (!one.is_string() || !is_id(view_of(one.get_string()))) return false;
        into.emplace_back(view_of(one.get_string()));
    }
    return true;
}

bool read_header(const json::value& given, std::vector<std::string>& into) {
    const auto* list = given.if_array();
    if (list == nullptr || list->empty() || list->size() > 2) return false;
    for (const auto& one : *list) {
        if (!one.is_string()) return false;
        into.emplace_back(view_of(one.get_string()));
    }
    into.front() = ascii::lowered(into.front());
    return !into.front().empty();
}

bool read_as_text(value_form how, std::string_view text, email_condition& into) {
    if (how == value_form::id) {
        into.texts.emplace_back(text);
        return is_id(text);
    }
    if (how == value_form::keyword) {
        into.texts.push_back(ascii::lowered(text));
        return is_keyword(text);
    }
    if (how == value_form::date) {
        const auto at = parse_utc_date(text);
        into.number = at.value_or(0);
        return at.has_value();
    }
    into.texts = split_words(text);
    return true;
}

bool read_value(value_form how, const json::value& given, email_condition& into) {
    constexpr std::int64_t most = std::int64_t{1} << 53;
    switch (how) {
    case value_form::ids: return read_ids(given, into.texts);
    case value_form::header: return read_header(given, into.texts);
    case value_form::flag:
        into.number = given.is_bool() && given.get_bool() ? 1 : 0;
        return given.is_bool();
    case value_form::size:
        if (!given.is_int64() || given.get_int64() < 0 || given.get_int64() >= most) return false;
        into.number = given.get_int64();
        return true;
    case value_form::id:
    case value_form::date:
    case value_form::keyword:
    case value_form::words: break;
    }
    return given.is_string() && read_as_text(how, view_of(given.get_string()), into);
}

bool is_long(const json::value& given) {
    return given.is_string() && given.get_string().size() > request_limits::max_search_octets;
}

/// Why a text is not looked for. nullopt: it is. Its octets are told before it is taken apart.
std::optional<method_error> find_too_much(value_form how, const json::value& given) {
    const auto* list = given.if_array();
    const bool is_too_long =
        (how == value_form::words && is_long(given)) ||
        (how == value_form::header && list != nullptr &&
         std::any_of(list->begin(), list->end(), [](const auto& one) { return is_long(one); }));
    if (!is_too_long) return std::nullopt;
    return method_error(errors::unsupported_filter,
                        "A text to look for has at most 4096 octets. Look for less of it.");
}

/// One more may be too many.
std::optional<method_error> find_too_many(const email_filter& into, const email_condition& more) {
    using limits = request_limits;
    if (more.reads_message() && more.texts.size() > limits::max_search_words)
        return method_error(errors::unsupported_filter,
                            "A text to look for has at most 32 words. Look for less of it.");
    const auto costly = std::count_if(into.conditions.begin(), into.conditions.end(),
                                      [](const auto& one) { return one.is_costly(); });
    if (into.conditions.size() < limits::max_conditions &&
        (!more.is_costly() || static_cast<std::size_t>(costly) < limits::max_costly_conditions))
        return std::nullopt;
    return method_error(errors::unsupported_filter,
                        "A filter has at most 50 conditions, of which 8 may look into messages or "
                        "threads. Ask in parts.");
}

void add_condition(const json::object& given,
                   email_filter& into,
                   std::optional<method_error>& wrong) {
    const auto at = into.nodes.size();
    into.nodes.push_back({filter_node::kind::all, 1, 0});
    for (const auto& [name, value] : given) {
        const auto found =
            std::find_if(known_conditions.begin(), known_conditions.end(),
                         [&name = name](const auto& one) { return one.name == view_of(name); });
        if (found == known_conditions.end()) {
            wrong.emplace(errors::unsupported_filter, "A condition of the filter is not known.");
            return;
        }
        wrong = find_too_much(found->given_as, value);
        if (wrong) return;
        email_condition made;
        made.what = found->what;
        if (!read_value(found->given_as, value, made)) {
            wrong = wrong_argument("The filter's condition \"" + std::string(found->name) +
                                   "\" has a wrong value.");
            return;
        }
        wrong = find_too_many(into, made);
        if (wrong) return;
        into.nodes.push_back(
            {filter_node::kind::condition, 1, static_cast<std::uint32_t>(into.conditions.size())});
        into.conditions.push_back(std::move(made));
    }
    into.nodes[at].length = static_cast<std::uint32_t>(into.nodes.size() - at);
}

/// From one node of a filter on; returns the place behind it.
std::size_t convert(const std::vector<filter_node>& from,
                    std::size_t at,
                    email_filter& into,
                    std::optional<method_error>& wrong) {
    const auto end = at + from[at].length;
    if (from[at].what == filter_node::kind::condition) {
        add_condition(*from[at].given, into, wrong);
        return end;
    }
    const auto made = into.nodes.size();
    into.nodes.push_back({from[at].what, 1, 0});
    for (++at; at < end && !wrong;)
        at = convert(from, at, into, wrong);
    into.nodes[made].length = static_cast<std::uint32_t>(into.nodes.size() - made);
    return end;
}

}  // namespace

std::string_view email_filter::only_mailbox() const noexcept {
    // One that is below ANDs alone holds for every result.
    for (std::size_t at = 0; at < nodes.size();) {
        const auto& one = nodes[at];
        if (one.what == filter_node::kind::condition) {
            const auto& is = conditions[one.condition];
            if (is.what == kind::in_mailbox) return is.texts.front();
        }
        const bool is_passed =
            one.what == filter_node::kind::any || one.what == filter_node::kind::none;
        at += is_passed ? one.length : 1;
    }
    return {};
}

email_filter parse_email_filter(const json::value* given, std::optional<method_error>& wrong) {
    email_filter made;
    const auto nodes = parse_filter(given, wrong);
    if (!wrong) convert(nodes, 0, made, wrong);
    return made;
}

std::vector<std::string> split_words(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const char first = text.front();
        auto end = std::string_view::npos;
        if (first == '"' || first == '\'') end = text.find(first, 1);
        if (end != text.npos) {
            if (end > 1) words.emplace_back(text.substr(1, end - 1));
            text.remove_prefix(end + 1);
            continue;
        }
        end = std::min(text.find_first_of(" \t\r\n"), text.size());
        if (end > 0) words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

bool is_keyword(std::string_view text) noexcept {
    constexpr std::size_t most = 255;
    static constexpr std::string_view refused = "(){]%*\"\\";
    return !text.empty() && text.size() <= most &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return c > ' ' && c < '\x7f' && refused.find(c) == refused.npos;
           });
}

}  // namespace hauspost::jmap
