#include "protocols/jmap/session/email_query.hpp"

#include "mail/object_id.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

namespace hauspost::jmap {
namespace {

using kind = email_condition::kind;

constexpr std::array<std::string_view, 9> sort_options{"receivedAt",
                                                       "sentAt",
                                                       "size",
                                                       "from",
                                                       "to",
                                                       "subject",
                                                       "hasKeyword",
                                                       "allInThreadHaveKeyword",
                                                       "someInThreadHaveKeyword"};

bool takes_keyword(std::string_view property) noexcept {
    return property.ends_with("eyword");
}

filter_verdict to_verdict(bool holds) noexcept {
    return holds ? filter_verdict::yes : filter_verdict::no;
}

/// nullopt: it is not about threads. Else whether all emails of one are meant.
std::optional<bool> is_of_all(kind what) noexcept {
    if (what == kind::all_in_thread_keyword) return true;
    if (what == kind::some_in_thread_keyword || what == kind::none_in_thread_keyword) return false;
    return std::nullopt;
}

}  // namespace

std::span<const std::string_view> email_sort_options() noexcept {
    return sort_options;
}

void check_email_sort(const std::vector<comparator>& sort, std::optional<method_error>& wrong) {
    for (const auto& by : sort) {
        const auto found = std::find(sort_options.begin(), sort_options.end(), by.property);
        if (found == sort_options.end())
            wrong.emplace(errors::unsupported_sort,
                          "The account's capability names what there is.");
        else if (takes_keyword(by.property) && !is_keyword(by.keyword))
            wrong = wrong_argument("A comparator by keywords names one.");
    }
}

bool needs_summary(const std::vector<comparator>& sort) noexcept {
    return std::any_of(sort.begin(), sort.end(), [](const comparator& by) {
        return by.property == "from" || by.property == "to" || by.property == "subject" ||
               by.property == "sentAt";
    });
}

bool thread_keyword::holds(account_rows::email one) {
    auto& known = known_[rows_.thread_number(one)];
    if (known != unknown) return known != 0;
    const auto all = rows_.thread_of(one);
    const auto has = [this](auto other) { return rows_.has_keyword(other, keyword_); };
    known = of_all_ ? std::all_of(all.begin(), all.end(), has)
                    : std::any_of(all.begin(), all.end(), has);
    return known != 0;
}

email_matcher::email_matcher(const account_rows& rows,
                             const email_filter& filter,
                             const std::vector<std::string>& mailbox_ids)
    : rows_(rows), filter_(filter), boxes_(filter.conditions.size()), known_(boxes_.size()) {
    std::unordered_map<std::string_view, std::uint32_t> box_of;
    for (std::uint32_t n = 0; n < mailbox_ids.size(); ++n)
        box_of.emplace(mailbox_ids[n], n);
    for (std::size_t n = 0; n < filter.conditions.size(); ++n) {
        const auto& is = filter.conditions[n];
        auto& thread = threads_.emplace_back();
        if (const auto of_all = is_of_all(is.what)) thread.emplace(rows, is.texts.front(), *of_all);
        if (is.reads_message()) known_[n].assign(rows.emails(), filter_verdict::unknown);
        if (is.what != kind::in_mailbox && is.what != kind::in_mailbox_other_than) continue;
        for (const auto& id : is.texts)
            if (const auto at = box_of.find(id); at != box_of.end())
                boxes_[n].push_back(at->second);
        std::sort(boxes_[n].begin(), boxes_[n].end());
        boxes_[n].erase(std::unique(boxes_[n].begin(), boxes_[n].end()), boxes_[n].end());
    }
}

bool email_matcher::is_in_another(std::size_t condition, account_rows::email one) const {
    const auto& boxes = boxes_[condition];
    const auto places = rows_.places_of(one);
    return std::any_of(places.begin(), places.end(), [&](const auto& at) {
        return !std::binary_search(boxes.begin(), boxes.end(), at.mailbox);
    });
}

filter_verdict email_matcher::judge_condition(std::size_t condition,
                                              account_rows::email one) const {
    const auto& is = filter_.conditions[condition];
    const auto& row = rows_.row_of(one);
    switch (is.what) {
    case kind::in_mailbox:
        return to_verdict(!boxes_[condition].empty() &&
                          rows_.is_in(one, boxes_[condition].front()));
    case kind::in_mailbox_other_than: return to_verdict(is_in_another(condition, one));
    case kind::before: return to_verdict(row.received < is.number);
    case kind::after: return to_verdict(row.received >= is.number);
    case kind::min_size: return to_verdict(row.octets >= is.number);
    case kind::max_size: return to_verdict(row.octets < is.number);
    case kind::all_in_thread_keyword:
    case kind::some_in_thread_keyword: return to_verdict(threads_[condition]->holds(one));
    case kind::none_in_thread_keyword: return to_verdict(!threads_[condition]->holds(one));
    case kind::has_keyword: return to_verdict(rows_.has_keyword(one, is.texts.front()));
    case kind::not_keyword: return to_verdict(!rows_.has_keyword(one, is.texts.front()));
    default: return known_[condition][one];
    }
}

filter_verdict email_matcher::judge(std::size_t at, account_rows::email one) const {
    const auto& node = filter_.nodes[at];
    if (node.what == filter_node::kind::condition) return judge_condition(node.condition, one);
    // Of AND one that does not hold decides, of OR and NOT one that does.
    const auto deciding =
        node.what == filter_node::kind::all ? filter_verdict::no : filter_verdict::yes;
    bool is_open = false;
    for (auto below = at + 1; below < at + node.length; below += filter_.nodes[below].length) {
        const auto said = judge(below, one);
        if (said == deciding) return to_verdict(node.what == filter_node::kind::any);
        is_open = is_open || said == filter_verdict::unknown;
    }
    if (is_open) return filter_verdict::unknown;
    return to_verdict(node.what != filter_node::kind::any);
}

filter_verdict email_matcher::judge(account_rows::email one) const {
    return judge(0, one);
}

std::vector<account_rows::email> email_matcher::collect(filter_verdict wanted,
                                                        function_ref<bool()> is_late) const {
    constexpr std::size_t some = 4'096;  // with 250 nodes each, some 5 ms
    std::vector<account_rows::email> all;
    std::size_t judged = 0;
    for (const auto one : rows_.by_date()) {
        if (++judged % some == 0 && is_late()) break;
        if (judge(one) == wanted) all.push_back(one);
    }
    return all;
}

void email_matcher::note(std::size_t condition, account_rows::email one, bool holds) {
    known_[condition][one] = to_verdict(holds);
}

void sort_emails(std::vector<account_rows::email>& found,
                 const account_rows& rows,
                 const std::vector<comparator>& sort,
                 const sort_texts& texts,
                 bool collapse) {
    using email = account_rows::email;
    std::vector<thread_keyword> threads;  // of each comparator, whether it asks or not
    for (const auto& by : sort)
        threads.emplace_back(rows, by.keyword, by.property == "allInThreadHaveKeyword");
    const auto compare = [&](std::size_t n, email a, email b) -> int {
        const auto& by = sort[n];
        const auto order = [](const auto& x, const auto& y) {
            return x < y ? -1 : (y < x ? 1 : 0);
        };
        if (by.property == "receivedAt")
            return order(rows.row_of(a).received, rows.row_of(b).received);
        if (by.property == "size") return order(rows.row_of(a).octets, rows.row_of(b).octets);
        if (by.property == "sentAt") return order(texts.sent[a], texts.sent[b]);
        if (by.property == "from") return order(texts.from[a], texts.from[b]);
        if (by.property == "to") return order(texts.to[a], texts.to[b]);
        if (by.property == "subject") return order(texts.subject[a], texts.subject[b]);
        if (by.property == "hasKeyword")
            return order(rows.has_keyword(a, by.keyword), rows.has_keyword(b, by.keyword));
        return order(threads[n].holds(a), threads[n].holds(b));
    };
    const bool is_in_order =
        sort.empty() || (sort.front().property == "receivedAt" && !sort.front().is_ascending);
    if (!is_in_order || sort.size() > 1)
        std::stable_sort(found.begin(), found.end(), [&](email a, email b) {
            for (std::size_t n = 0; n < sort.size(); ++n)
                if (const auto order = compare(n, a, b)) return (order < 0) == sort[n].is_ascending;
            return false;
        });
    if (!collapse) return;
    std::unordered_set<std::uint32_t> seen;
    std::erase_if(found, [&](email one) { return !seen.insert(rows.thread_number(one)).second; });
}

}  // namespace hauspost::jmap
