#include "protocols/imap/grammar/parse.hpp"

#include <algorithm>
#include <array>

namespace hauspost::imap {
namespace {

std::optional<query::sort_by> sort_key_of(std::string_view word) {
    struct entry {
        std::string_view name;
        query::sort_by by;
    };
    static constexpr std::array<entry, 10> table{{{"ARRIVAL", query::sort_by::arrival},
                                                  {"CC", query::sort_by::cc},
                                                  {"DATE", query::sort_by::date},
                                                  {"DISPLAYFROM", query::sort_by::display_from},
                                                  {"DISPLAYTO", query::sort_by::display_to},
                                                  {"FROM", query::sort_by::from},
                                                  {"RELEVANCY", query::sort_by::relevancy},
                                                  {"SIZE", query::sort_by::size},
                                                  {"SUBJECT", query::sort_by::subject},
                                                  {"TO", query::sort_by::to}}};
    for (const auto& one : table)
        if (one.name == word) return one.by;
    return std::nullopt;
}

bool parse_criterion(lexer& text, std::vector<query::sort_criterion>& criteria) {
    query::sort_criterion one;
    auto word = text.word();
    if (word == "REVERSE") {
        one.reverse = true;
        if (!text.space()) return false;
        word = text.word();
    }
    const auto by = sort_key_of(word);
    if (!by) {
        text.fail("this sort key is not known");
        return false;
    }
    one.by = *by;
    // What was sorted by once cannot be told apart by the same key again.
    const bool is_new = std::none_of(criteria.begin(), criteria.end(),
                                     [by](const auto& known) { return known.by == *by; });
    if (is_new) criteria.push_back(one);
    return true;
}

bool parse_criteria(lexer& text, std::vector<query::sort_criterion>& criteria) {
    if (!text.accept('(')) {
        text.fail("the sort keys stand in parentheses");
        return false;
    }
    do {
        if (!parse_criterion(text, criteria)) return false;
    } while (text.accept(' '));
    if (text.accept(')')) return text.space();
    text.fail("the sort keys do not end");
    return false;
}

}  // namespace

parsed parse_sort(lexer& text, bool by_uid) {
    cmd::sort sort;
    sort.by_uid = by_uid;
    if (!text.space() || !parse_search_options(text, sort.options)) return std::nullopt;
    if (!parse_criteria(text, sort.criteria)) return std::nullopt;
    if (!parse_program_in_charset(text, sort.program)) return std::nullopt;
    const bool by_relevancy =
        std::any_of(sort.criteria.begin(), sort.criteria.end(),
                    [](const auto& one) { return one.by == query::sort_by::relevancy; });
    if (!may_ask_relevancy(text, sort.options.relevancy || by_relevancy, sort.program))
        return std::nullopt;
    return sort;
}

parsed parse_thread(lexer& text, bool by_uid) {
    if (!text.space()) return std::nullopt;
    cmd::thread thread;
    thread.by_uid = by_uid;
    const auto name = text.word();
    if (name == "REFERENCES")
        thread.algorithm = query::thread_algorithm::references;
    else if (name == "ORDEREDSUBJECT")
        thread.algorithm = query::thread_algorithm::ordered_subject;
    else
        return text.fail("this threading algorithm is not known");
    if (!text.space() || !parse_program_in_charset(text, thread.program)) return std::nullopt;
    return thread;
}

}  // namespace hauspost::imap
