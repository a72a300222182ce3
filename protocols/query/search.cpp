#include "protocols/query/search.hpp"

#include "base/trigrams.hpp"

#include <algorithm>
#include <cstring>

namespace hauspost::query {
namespace {

using kind = search_key::kind;

search_cost cost_of(const search_key& key) {
    switch (key.what) {
    case kind::all_of:
    case kind::any_of:
    case kind::flag:
    case kind::recent:
    case kind::keyword:
    case kind::sequence:
    case kind::uid:
    case kind::modseq: return search_cost::flags;
    case kind::before:
    case kind::on:
    case kind::since:
    case kind::larger:
    case kind::smaller:
    case kind::younger:
    case kind::older:
    case kind::saved_before:
    case kind::saved_on:
    case kind::saved_since:
    case kind::email_id:
    case kind::thread_id: return search_cost::row;
    case kind::sent_before:
    case kind::sent_on:
    case kind::sent_since: return search_cost::summary;
    case kind::header_contains:
    case kind::addresses_contain: return search_cost::header;
    case kind::body_contains:
    case kind::text_contains: return search_cost::body;
    }
    return search_cost::body;
}

search_verdict verdict_of(bool is_match) {
    return is_match ? search_verdict::yes : search_verdict::no;
}

bool has_text(std::string_view text, const search_key& key) {
    // Not string_view::find: its cost is the product of both lengths when a client makes the text
    // and the needle for it; glibc's memmem is linear.
    if (key.text.empty()) return true;
    return text.size() >= key.text.size() &&
           memmem(text.data(), text.size(), key.text.data(), key.text.size()) != nullptr;
}

bool is_before(const search_key& key, std::int64_t day) {
    return day < static_cast<std::int64_t>(key.number);
}
bool is_on(const search_key& key, std::int64_t day) {
    return day == static_cast<std::int64_t>(key.number);
}

bool sent_matches(const search_key& key, const std::optional<std::int64_t>& day) {
    if (!day) return false;
    if (key.what == kind::sent_on) return is_on(key, *day);
    return is_before(key, *day) == (key.what == kind::sent_before);
}

/// One evaluation. Its depth of recursion is that of the tree: max_nesting_depth.
class evaluation {
public:
    evaluation(const std::vector<search_key>& keys,
               searchable& candidate,
               search_cost up_to,
               std::uint8_t* likeness)
        : keys_(keys), candidate_(candidate), up_to_(up_to), likeness_(likeness) {}

    search_verdict of(std::size_t at) {
        const auto& key = keys_[at];
        const bool is_group = key.what == kind::all_of || key.what == kind::any_of;
        const auto verdict = is_group ? group(at) : leaf(key);
        if (!key.negated || verdict == search_verdict::unknown) return verdict;
        return verdict_of(verdict == search_verdict::no);
    }

private:
    search_verdict group(std::size_t at) {
        const bool wants_all = keys_[at].what == kind::all_of;
        const auto decisive = wants_all ? search_verdict::no : search_verdict::yes;
        bool is_open = false;
        for (auto child = at + 1; child < at + keys_[at].length; child += keys_[child].length) {
            const auto verdict = of(child);
            if (verdict == decisive) return decisive;
            is_open = is_open || verdict == search_verdict::unknown;
        }
        return is_open ? search_verdict::unknown : verdict_of(wants_all);
    }

    search_verdict leaf(const search_key& key) {
        // TEXT is half decided by the header alone; not how alike it is.
        if (key.what == kind::text_contains && up_to_ >= search_cost::header &&
            has_text(candidate_.header_text(), key)) {
            if (key.is_fuzzy) note(100);
            return search_verdict::yes;
        }
        if (cost_of(key) > up_to_) return search_verdict::unknown;
        return verdict_of(leaf_matches(key));
    }

    bool leaf_matches(const search_key& key) {
        switch (key.what) {
        case kind::all_of:
        case kind::any_of: return true;  // groups do not come here
        case kind::flag: return (candidate_.system_flags() & key.number) != 0;
        case kind::recent: return candidate_.is_recent();
        case kind::keyword: return candidate_.has_keyword(key.text);
        case kind::sequence: return contains(key.ranges, candidate_.sequence());
        case kind::uid: return contains(key.ranges, candidate_.uid().value());
        case kind::modseq: return candidate_.modseq().value() >= key.number;
        case kind::before: return is_before(key, candidate_.internal_day());
        case kind::on: return is_on(key, candidate_.internal_day());
        case kind::since: return !is_before(key, candidate_.internal_day());
        case kind::saved_before: return is_before(key, candidate_.save_day());
        case kind::saved_on: return is_on(key, candidate_.save_day());
        case kind::saved_since: return !is_before(key, candidate_.save_day());
        // Bound: number is the moment that lies so many seconds back.
        case kind::younger:
            return candidate_.internal_seconds() >= static_cast<std::int64_t>(key.number);
        case kind::older:
            return candidate_.internal_seconds() <= static_cast<std::int64_t>(key.number);
        case kind::email_id: return candidate_.has_email_id(key.text);
        case kind::thread_id: return candidate_.has_thread_id(key.text);
        case kind::larger: return candidate_.octets() > key.number;
        case kind::smaller: return candidate_.octets() < key.number;
        case kind::sent_before:
        case kind::sent_on:
        case kind::sent_since: return sent_matches(key, candidate_.sent_day());
        case kind::header_contains: return field_matches(key, candidate_.header(key.field));
        case kind::addresses_contain: return field_matches(key, candidate_.addresses(key.field));
        case kind::body_contains: return text_matches(key, candidate_.body_text());
        case kind::text_contains:
            return text_matches(key, candidate_.body_text()) ||
                   (key.is_fuzzy && is_alike(key, candidate_.header_text()));
        }
        return false;
    }

    /// RFC 9051 6.4.4: "" asks for the field alone.
    bool field_matches(const search_key& key, const std::optional<std::string>& value) {
        return value && text_matches(key, *value);
    }

    bool text_matches(const search_key& key, std::string_view text) {
        if (key.is_fuzzy) return is_alike(key, text);
        return has_text(text, key);
    }

    bool is_alike(const search_key& key, std::string_view text) {
        const auto score = has_text(text, key) ? std::uint8_t{100} : likeness_of(text, key.text);
        note(score);
        return score > 0;
    }

    void note(std::uint8_t score) {
        if (likeness_ != nullptr) *likeness_ = std::max(*likeness_, score);
    }

    const std::vector<search_key>& keys_;
    searchable& candidate_;
    search_cost up_to_;
    std::uint8_t* likeness_;
};

}  // namespace

void search_program::bind(std::uint32_t largest_sequence,
                          std::uint32_t largest_uid,
                          std::int64_t now,
                          const number_ranges& saved) {
    for (auto& key : keys) {
        const bool is_set = key.what == kind::sequence || key.what == kind::uid;
        if (is_set && key.set.is_saved_result()) {
            key.what = kind::uid;
            key.ranges = saved;
        } else if (key.what == kind::sequence) {
            key.ranges = key.set.resolve(largest_sequence);
        } else if (key.what == kind::uid) {
            key.ranges = key.set.resolve(largest_uid);
        } else if (key.what == kind::younger || key.what == kind::older) {
            key.number = static_cast<std::uint64_t>(now - static_cast<std::int64_t>(key.number));
        }
    }
}

search_cost search_program::cost() const noexcept {
    auto dearest = search_cost::flags;
    for (const auto& key : keys)
        dearest = std::max(dearest, cost_of(key));
    return dearest;
}

bool search_program::needs(search_cost what) const noexcept {
    return std::any_of(keys.begin(), keys.end(), [what](const auto& key) {
        return cost_of(key) == what ||
               (key.what == kind::text_contains && what == search_cost::header);
    });
}

bool search_program::depends_on_numbers() const noexcept {
    return std::any_of(keys.begin(), keys.end(), [](const auto& key) {
        return key.what == kind::sequence || key.set.is_saved_result();
    });
}

bool search_program::has_sequence() const noexcept {
    return std::any_of(keys.begin(), keys.end(), [](const auto& key) {
        return key.what == kind::sequence && !key.set.is_saved_result();
    });
}

bool search_program::has_modseq() const noexcept {
    return std::any_of(keys.begin(), keys.end(),
                       [](const auto& key) { return key.what == kind::modseq; });
}

bool search_program::has_keyword() const noexcept {
    return std::any_of(keys.begin(), keys.end(),
                       [](const auto& key) { return key.what == kind::keyword; });
}

bool search_program::has_fuzzy() const noexcept {
    return std::any_of(keys.begin(), keys.end(), [](const auto& key) { return key.is_fuzzy; });
}

search_verdict evaluate(const search_program& program,
                        searchable& candidate,
                        search_cost up_to,
                        std::uint8_t* likeness) {
    if (program.keys.empty()) return search_verdict::yes;
    return evaluation(program.keys, candidate, up_to, likeness).of(0);
}

std::uint8_t likeness_of(std::string_view text, std::string_view fuzzy) {
    const auto wanted = trigrams_of_needle(fuzzy);
    if (wanted.empty()) return 0;
    const auto met = count_trigrams(text, wanted);
    if (met < least_alike(wanted.size())) return 0;
    return static_cast<std::uint8_t>((met * 200 + wanted.size()) / (wanted.size() * 2));
}

bool matches(const search_program& program, searchable& candidate) {
    using enum search_cost;
    for (const auto up_to : {flags, row, summary, header, body}) {
        if (up_to != flags && !program.needs(up_to)) continue;  // nothing new would be known
        const auto verdict = evaluate(program, candidate, up_to);
        if (verdict != search_verdict::unknown) return verdict == search_verdict::yes;
    }
    return false;
}

std::int64_t day_of(std::int64_t unix_seconds, std::int32_t zone_minutes) noexcept {
    constexpr std::int64_t day = 86'400;
    // Dates that nobody means must not overflow.
    constexpr std::int64_t bound = std::int64_t{1} << 52;
    const auto local = std::clamp(unix_seconds, -bound, bound) + std::int64_t{zone_minutes} * 60;
    return local >= 0 ? local / day : (local - day + 1) / day;
}

}  // namespace hauspost::query
