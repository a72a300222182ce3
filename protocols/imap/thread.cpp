#include "protocols/imap/thread.hpp"

#include "base/ascii.hpp"
#include "protocols/imap/reference_threads.hpp"
#include "protocols/imap/sort.hpp"
#include "protocols/message/base_subject.hpp"
#include "protocols/message/encoded_word.hpp"
#include "protocols/message/summary.hpp"

#include <algorithm>
#include <optional>

namespace hauspost::imap {
namespace {

/// Takes one nstring off the front of an ENVELOPE; nullopt: NIL, or the octets are damaged.
std::optional<std::string> take_nstring(std::string_view& text) {
    if (text.starts_with('{')) {
        const auto end = text.find("}\r\n");
        std::size_t octets = 0;
        for (std::size_t at = 1; at < end && at < 12 && end != text.npos; ++at)
            octets = octets * 10 + static_cast<std::size_t>(text[at] - '0');
        if (end == text.npos || octets > text.size() - end - 3) return std::nullopt;
        std::string value(text.substr(end + 3, octets));
        text.remove_prefix(end + 3 + octets);
        return value;
    }
    if (!text.starts_with('"')) {
        text.remove_prefix(std::min<std::size_t>(3, text.size()));  // NIL
        return std::nullopt;
    }
    std::string value;
    for (std::size_t at = 1; at < text.size(); ++at) {
        if (text[at] == '"') {
            text.remove_prefix(at + 1);
            return value;
        }
        if (text[at] == '\\' && ++at == text.size()) break;
        value.push_back(text[at]);
    }
    return std::nullopt;
}

}  // namespace

bool is_reply_or_forward(std::string_view envelope, std::string_view base_subject) {
    if (!envelope.starts_with('(')) return false;
    envelope.remove_prefix(1);
    take_nstring(envelope);  // date
    if (envelope.starts_with(' ')) envelope.remove_prefix(1);
    const auto subject = take_nstring(envelope);
    if (!subject) return false;
    // Nearly all mail is decided by these two.
    if (ascii::starts_with_nocase(*subject, "re:")) return true;
    if (ascii::uppered(*subject) == base_subject) return false;
    return message::base_subject(message::decode_encoded_words(*subject)).is_reply_or_forward;
}

std::uint64_t threader::hash(std::string_view text) const noexcept {
    if (text.empty()) return 0;
    return std::max<std::uint64_t>(siphash(hash_key_, text), 1);
}

std::span<const std::uint64_t> threader::references_of(const message& one) const noexcept {
    return std::span(references_).subspan(one.first_reference, one.references);
}

bool threader::add(std::uint32_t number, std::int64_t arrival, std::string_view summary) {
    message one;
    one.number = number;
    one.date = sent_date(arrival, summary);
    const auto subject = hauspost::message::sort_fields_of(summary).base_subject;
    one.subject = hash(subject);
    if (algorithm_ == thread_algorithm::references) {
        one.id = hash(hauspost::message::read_references(summary, views_));
        one.first_reference = static_cast<std::uint32_t>(references_.size());
        one.references = static_cast<std::uint8_t>(std::min<std::size_t>(views_.size(), 100));
        for (const auto reference : std::span(views_).last(one.references))
            references_.push_back(hash(reference));
        one.is_reply = is_reply_or_forward(hauspost::message::envelope_of(summary), subject);
    }
    messages_.push_back(one);
    return references_.size() <= max_references;
}

/// RFC 5256 3, ORDEREDSUBJECT: messages of one base subject are a thread; all but the first are
/// siblings below it.
std::string threader::by_subject() const {
    auto sorted = messages_;
    std::sort(sorted.begin(), sorted.end(), [](const message& a, const message& b) {
        if (a.subject != b.subject) return a.subject < b.subject;
        return a.date != b.date ? a.date < b.date : a.number < b.number;
    });
    std::vector<std::span<const message>> groups;
    for (std::size_t first = 0, last = 0; first < sorted.size(); first = last) {
        while (last < sorted.size() && sorted[last].subject == sorted[first].subject)
            ++last;
        groups.push_back(std::span(sorted).subspan(first, last - first));
    }
    std::sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
        const auto &x = a.front(), &y = b.front();
        return x.date != y.date ? x.date < y.date : x.number < y.number;
    });
    std::string text;
    for (const auto& group : groups) {
        text += '(';
        text += std::to_string(group.front().number);
        const bool has_siblings = group.size() > 2;
        if (group.size() > 1) text += ' ';
        for (const auto& one : group.subspan(1)) {
            if (has_siblings) text += '(';
            text += std::to_string(one.number);
            if (has_siblings) text += ')';
        }
        text += ')';
    }
    return text;
}

std::string threader::threads() const {
    if (messages_.empty()) return {};
    if (algorithm_ == thread_algorithm::ordered_subject) return ' ' + by_subject();
    reference_threads work(*this);
    return ' ' + work.run();
}

}  // namespace hauspost::imap
