#include "protocols/imap/session/search_candidate.hpp"

#include "base/ascii.hpp"
#include "protocols/imap/command.hpp"
#include "protocols/message/charset.hpp"
#include "protocols/message/encoded_word.hpp"
#include "protocols/message/header.hpp"

#include <algorithm>

namespace hauspost::imap {

void search_candidate::show(std::uint32_t sequence, const storage::message_view& message) {
    sequence_ = sequence;
    message_ = &message;
    summary_.reset();
    header_.clear();
    header_text_.reset();
    body_.clear();
}

void search_candidate::set_header(std::string octets) {
    header_ = std::move(octets);
    header_text_.reset();
}

const message::summary& search_candidate::summary() {
    if (!summary_) {
        summary_ = message::decode(message_->summary);
        if (!summary_) summary_.emplace();
    }
    return *summary_;
}

const std::vector<message::part>& search_candidate::parts() {
    return summary().parts;
}

std::uint32_t search_candidate::system_flags() {
    return message_->flags & flag_bits::all;
}

bool search_candidate::has_keyword(std::string_view name) {
    auto known = std::find_if(known_.begin(), known_.end(),
                              [name](const auto& one) { return one.first == name; });
    if (known == known_.end()) {
        const auto place = std::find_if(
            keywords_.begin(), keywords_.end(),
            [name](const std::string& keyword) { return ascii::equal_nocase(keyword, name); });
        known_.emplace_back(name, static_cast<std::size_t>(place - keywords_.begin()));
        known = std::prev(known_.end());
    }
    const auto number = known->second;
    if (number == keywords_.size()) return false;
    if (number < storage::flags::in_word)
        return message_->flags >> (storage::flags::first_keyword + number) & 1;
    const auto* extra = message_->extra_keywords;
    return extra && std::find(extra->begin(), extra->end(), number) != extra->end();
}

std::int64_t search_candidate::internal_day() {
    return day_of(message_->internal_date.unix_seconds, message_->internal_date.zone_minutes);
}

std::optional<std::int64_t> search_candidate::sent_day() {
    const auto& known = summary();
    if (known.sent_at == 0) return std::nullopt;
    return day_of(known.sent_at, known.sent_zone_minutes);
}

std::optional<std::string> search_candidate::header(std::string_view field) {
    std::optional<std::string> lines;
    for (message::header_reader reader(header_); reader.next();) {
        if (!ascii::equal_nocase(reader.field().name, field)) continue;
        if (!lines)
            lines.emplace();
        else
            lines->push_back('\n');
        lines->append(message::decode_encoded_words(reader.field().value));
    }
    if (lines) *lines = message::casemap_key(*lines);
    return lines;
}

std::string_view search_candidate::header_text() {
    if (!header_text_) header_text_ = searchable_header(header_);
    return *header_text_;
}

std::string searchable_header(std::string_view octets) {
    std::string text;
    for (message::header_reader reader(octets); reader.next();) {
        text.append(reader.field().name).append(": ");
        text.append(message::decode_encoded_words(reader.field().value)).push_back('\n');
    }
    return message::casemap_key(text);
}

}  // namespace hauspost::imap
