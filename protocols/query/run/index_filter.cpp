#include "protocols/query/run/index_filter.hpp"

#include "base/ascii.hpp"
#include "base/trigrams.hpp"
#include "base/utf8.hpp"
#include "protocols/query/search_text.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

namespace hauspost::query {
namespace {

using kind = search_key::kind;
using storage::text_field;

std::optional<text_field> field_of(const search_key& key) {
    if (key.what == kind::body_contains) return text_field::body;
    if (key.what == kind::text_contains) return text_field::anywhere;
    if (key.what == kind::header_contains)
        return key.field == "subject" ? text_field::subject : text_field::header;
    if (key.what != kind::addresses_contain) return std::nullopt;
    if (key.field == "from") return text_field::from;
    if (key.field == "to") return text_field::to;
    if (key.field == "cc") return text_field::cc;
    return std::nullopt;  // BCC: its addresses are not as they stand in the header that is known
}

bool contains(std::string_view text, std::string_view part) {
    return memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
}

bool shares_trigram(std::string_view prefix, std::string_view text) {
    return count_trigrams(searchable_header(prefix), trigrams_of_needle(text)) > 0;
}

}  // namespace

index_filter::index_filter(const search_program& program) : keys_(program.keys) {
    std::vector<std::optional<std::size_t>> places;
    for (const auto& key : keys_) {
        const auto field = field_of(key);
        const bool is_asked =
            field && !key.text.empty() && !key.negated && needles_.size() < max_needles;
        places.push_back(is_asked ? std::optional(needles_.size()) : std::nullopt);
        if (is_asked) needles_.push_back({*field, key.text, key.is_fuzzy});
    }
    for (const auto& place : places)
        needle_of_key_.push_back(place.value_or(needles_.size()));
}

bool index_filter::take(storage::index_answer answer, mailbox_id mailbox) {
    answer_ = std::move(answer);
    covered_below_ = answer_.covered_below(mailbox);
    return covered_below_ && std::any_of(answer_.needles.begin(), answer_.needles.end(),
                                         [](const auto& one) { return one.is_answered; });
}

bool index_filter::may_match(const storage::message_view& message) const {
    if (message.uid >= covered_below_) return true;
    return keys_.empty() || may(0, message);
}

bool index_filter::may(std::size_t at, const storage::message_view& message) const {
    const auto& key = keys_[at];
    if (key.negated) return true;  // that a text is there for certain, the index does not know
    if (needle_of_key_[at] < needles_.size()) return may_hold(needle_of_key_[at], message);
    if (key.what != kind::all_of && key.what != kind::any_of) return true;
    const bool wants_all = key.what == kind::all_of;
    for (auto child = at + 1; child < at + key.length; child += keys_[child].length)
        if (may(child, message) != wants_all) return !wants_all;
    return wants_all;
}

bool index_filter::may_hold(std::size_t needle, const storage::message_view& message) const {
    const auto& known = answer_.needles[needle];
    if (!known.is_answered) return true;
    if (std::binary_search(known.blobs.begin(), known.blobs.end(), message.blob)) return true;
    const auto& wanted = needles_[needle];
    if (wanted.field == text_field::body || message.prefix.empty()) return false;
    // Likeness is of both together: some of it may stand in each.
    if (wanted.is_fuzzy && shares_trigram(message.prefix, wanted.text)) return true;
    return prefix_may_hold(message.prefix, wanted.text);
}

bool prefix_may_hold(std::string_view prefix, std::string_view text) {
    if (prefix.empty()) return false;
    if (!utf8::is_ascii(prefix) || contains(prefix, "=?"))
        return contains(searchable_header(prefix), text);
    // Folding changes white space only, and casemapping nothing but letters: so each word of the
    // text must stand in the octets.
    const auto octets = ascii::uppered(prefix);
    constexpr std::string_view space = " \t\r\n";
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(space), text.size()));
        if (text.empty()) return true;
        const auto word = text.substr(0, text.find_first_of(space));
        if (!contains(octets, word)) return false;
        text.remove_prefix(word.size());
    }
}

}  // namespace hauspost::query
