#include "protocols/query/run/search_candidate.hpp"

#include "base/ascii.hpp"
#include "mail/flags.hpp"
#include "mail/object_id.hpp"
#include "protocols/message/charset.hpp"
#include "protocols/message/encoded_word.hpp"
#include "protocols/message/header.hpp"
#include "protocols/query/search_text.hpp"

#include <algorithm>

namespace hauspost::query {

void search_candidate::show(std::uint32_t sequence, const storage::message_view& message) {
    sequence_ = sequence;
    message_ = &message;
    summary_.reset();
    set_header({});
    body_.clear();
}

void search_candidate::set_header(std::string octets) {
    header_ = std::move(octets);
    header_text_.reset();
    fields_.clear();
    addresses_.clear();
    are_fields_read_ = false;
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
    return message_->flags & mail::flags::system;
}

bool search_candidate::has_keyword(std::string_view name) {
    const auto [known, is_new] = known_.try_emplace(std::string(name));
    if (is_new) {
        const auto place = std::find_if(
            keywords_.begin(), keywords_.end(),
            [name](const std::string& keyword) { return ascii::equal_nocase(keyword, name); });
        known->second = static_cast<std::size_t>(place - keywords_.begin());
    }
    const auto number = known->second;
    if (number == keywords_.size()) return false;
    if (number < mail::flags::in_word)
        return message_->flags >> (mail::flags::first_keyword + number) & 1;
    const auto* extra = message_->extra_keywords;
    return extra && std::find(extra->begin(), extra->end(), number) != extra->end();
}

bool search_candidate::has_email_id(std::string_view id) {
    std::string own;
    mail::append_email_object_id(own, message_->blob, message_->prefix);
    return own == id;
}

bool search_candidate::has_thread_id(std::string_view id) {
    if (message_->thread == 0) return false;
    std::string own;
    mail::append_thread_object_id(own, message_->thread);
    return own == id;
}

std::int64_t search_candidate::internal_day() {
    return day_of(message_->internal_date.unix_seconds, message_->internal_date.zone_minutes);
}

std::optional<std::int64_t> search_candidate::sent_day() {
    const auto& known = summary();
    if (!known.sent_at) return std::nullopt;
    return day_of(*known.sent_at, known.sent_zone_minutes);
}

/// Goes through the header once, not once for each key.
void search_candidate::read_fields() {
    are_fields_read_ = true;
    for (message::header_reader reader(header_); reader.next();) {
        const auto [field, is_new] = fields_.try_emplace(ascii::lowered(reader.field().name));
        if (!is_new) field->second.push_back('\n');
        field->second.append(message::decode_encoded_words(reader.field().value));
    }
    for (auto& [name, text] : fields_)
        text = message::casemap_key(text);
}

std::optional<std::string> search_candidate::header(std::string_view field) {
    if (!are_fields_read_) read_fields();
    const auto known = fields_.find(std::string(field));
    if (known == fields_.end()) return std::nullopt;
    return known->second;
}

std::optional<std::string> search_candidate::addresses(std::string_view field) {
    const auto [known, is_new] = addresses_.try_emplace(std::string(field));
    if (is_new) known->second = searchable_addresses(header_, field);
    if (known->second.empty()) return std::nullopt;
    return known->second;
}

std::string_view search_candidate::header_text() {
    if (!header_text_) header_text_ = searchable_header(header_);
    return *header_text_;
}

}  // namespace hauspost::query
