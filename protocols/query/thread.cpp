#include "protocols/query/thread.hpp"

#include "protocols/message/summary.hpp"
#include "protocols/query/reference_threads.hpp"
#include "protocols/query/sort.hpp"

#include <algorithm>

namespace hauspost::query {

std::uint64_t threader::hash(std::string_view text) const noexcept {
    if (text.empty()) return 0;
    return std::max<std::uint64_t>(siphash(hash_key_, text), 1);
}

std::span<const std::uint64_t> threader::references_of(const message& one) const noexcept {
    return std::span(references_).subspan(one.first_reference, one.references);
}

bool threader::add(std::uint32_t number,
                   std::int64_t arrival,
                   std::string_view summary,
                   bool is_reply) {
    message one;
    one.number = number;
    one.date = sent_date(arrival, summary);
    one.subject = hash(hauspost::message::sort_fields_of(summary).base_subject);
    if (algorithm_ == thread_algorithm::references) {
        one.id = hash(hauspost::message::read_references(summary, views_));
        one.first_reference = static_cast<std::uint32_t>(references_.size());
        one.references = static_cast<std::uint8_t>(std::min<std::size_t>(views_.size(), 100));
        for (const auto reference : std::span(views_).last(one.references))
            references_.push_back(hash(reference));
        one.is_reply = is_reply;
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

}  // namespace hauspost::query
