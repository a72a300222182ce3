#include "tests/stress/imap_replica.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace hauspost::test {
namespace {

[[noreturn]] void contradiction(const std::string& what, std::string_view line) {
    throw std::runtime_error(what + ": " + std::string(line));
}

/// What stands in the parentheses that follow a word; nullopt-like flag in `found`.
std::string_view list_after(std::string_view text, std::string_view word, bool& found) {
    const auto at = text.find(word);
    found = at != std::string_view::npos;
    if (!found) return {};
    const auto from = at + word.size();
    return text.substr(from, text.find(')', from) - from);
}

flag_set words_of(std::string_view text) {
    flag_set words;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (end > 0) words.emplace(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

std::uint32_t leading_number(std::string_view text) {
    std::uint32_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

std::vector<std::uint32_t> numbers_of(std::string_view set) {
    std::vector<std::uint32_t> numbers;
    while (!set.empty()) {
        const auto end = std::min(set.find(','), set.size());
        const auto one = set.substr(0, end);
        const auto colon = one.find(':');
        const auto first = leading_number(one);
        const auto last =
            colon == std::string_view::npos ? first : leading_number(one.substr(colon + 1));
        for (auto n = std::min(first, last); n <= std::max(first, last); ++n)
            numbers.push_back(n);
        set.remove_prefix(std::min(end + 1, set.size()));
    }
    return numbers;
}

std::uint64_t number_after(std::string_view text, std::string_view word) {
    const auto at = text.find(word);
    if (at == std::string_view::npos) return 0;
    std::uint64_t value = 0;
    const auto rest = text.substr(at + word.size());
    std::from_chars(rest.data(), rest.data() + rest.size(), value);
    return value;
}

void imap_replica::begin_select() {
    *this = imap_replica();
}

void imap_replica::begin_resync() {
    auto kept = by_uid();
    const auto modseq = highest_modseq_;
    begin_select();
    kept_ = std::move(kept);
    highest_modseq_ = modseq;
}

std::map<std::uint32_t, imap_replica::message> imap_replica::by_uid() const {
    std::map<std::uint32_t, message> all;
    for (const auto& one : view_)
        if (one.uid != 0) all[one.uid] = one;
    return all;
}

bool imap_replica::has_unknown() const {
    return std::any_of(view_.begin(), view_.end(),
                       [](const message& one) { return one.uid == 0 || !one.has_flags; });
}

void imap_replica::apply(std::string_view output, bool may_expunge) {
    found_.clear();
    while (!output.empty()) {
        const auto end = output.find("\r\n");
        if (end == std::string_view::npos) contradiction("a line without its end", output);
        apply_line(output.substr(0, end), may_expunge);
        output.remove_prefix(end + 2);
    }
    if (may_expunge) highest_modseq_ = std::max(highest_modseq_, seen_modseq_);
}

void imap_replica::end_resync() {
    auto all = by_uid();
    all.merge(kept_);
    kept_.clear();
    if (all.size() != view_.size())
        contradiction("after resynchronising " + std::to_string(all.size()) + " are known of",
                      std::to_string(view_.size()));
    auto known = all.begin();
    for (auto& one : view_) {
        if (one.uid != 0 && one.uid != known->first)
            contradiction("a number of VANISHED or FETCH is wrong", std::to_string(one.uid));
        one = (known++)->second;
    }
}

void imap_replica::apply_line(std::string_view line, bool may_expunge) {
    apply_codes(line);
    if (!line.starts_with("* ")) return;
    const auto rest = line.substr(2);
    const bool is_expunge = rest.ends_with(" EXPUNGE") || rest.starts_with("VANISHED ");
    if (is_expunge && !may_expunge && !rest.starts_with("VANISHED (EARLIER)"))
        contradiction("EXPUNGE where none may come", line);
    if (rest.starts_with("VANISHED (EARLIER) ")) return vanish(rest.substr(19), true);
    if (rest.starts_with("VANISHED ")) return vanish(rest.substr(9), false);
    if (rest.starts_with("SEARCH")) {
        for (const auto& word : words_of(rest.substr(6).substr(0, rest.find('(') - 6)))
            found_.push_back(leading_number(word));
        std::sort(found_.begin(), found_.end());
        return;
    }
    const auto number = leading_number(rest);
    const auto space = rest.find(' ');
    if (space == std::string_view::npos || rest[0] < '0' || rest[0] > '9') return;
    const auto what = rest.substr(space + 1);
    if (what == "EXISTS") grow(number);
    if (what == "EXPUNGE") expunge(number);
    if (what.starts_with("FETCH (")) {
        if (number == 0 || number > view_.size())
            contradiction("a FETCH outside of the mailbox of " + std::to_string(view_.size()),
                          line);
        apply_fetch(number, what.substr(7));
    }
}

void imap_replica::apply_codes(std::string_view line) {
    if (const auto now = number_after(line, "[UIDVALIDITY "))
        validity_ = static_cast<std::uint32_t>(now);
    if (const auto now = number_after(line, "[HIGHESTMODSEQ ")) {
        if (now < highest_modseq_) contradiction("HIGHESTMODSEQ went back", line);
        highest_modseq_ = now;
    }
}

void imap_replica::grow(std::uint32_t count) {
    if (count < view_.size())
        contradiction("EXISTS shrinks the mailbox of " + std::to_string(view_.size()),
                      std::to_string(count));
    view_.resize(count);
}

void imap_replica::expunge(std::uint32_t sequence) {
    if (sequence == 0 || sequence > view_.size())
        contradiction("EXPUNGE outside of the mailbox", std::to_string(sequence));
    view_.erase(view_.begin() + (sequence - 1));
}

/// RFC 7162 3.2.10: EARLIER speaks of what went before, and changes no sequence number.
void imap_replica::vanish(std::string_view set, bool earlier) {
    for (const auto uid : numbers_of(set)) {
        kept_.erase(uid);
        const auto gone = std::find_if(view_.begin(), view_.end(),
                                       [uid](const message& one) { return one.uid == uid; });
        if (gone != view_.end()) {
            if (earlier) contradiction("VANISHED (EARLIER) for a message that is there", set);
            view_.erase(gone);
        } else if (!earlier) {
            // A message whose UID the client has not asked for yet: one of those that stand
            // between the known ones below and above it.
            auto unknown = view_.end();
            for (auto at = view_.begin(); at != view_.end() && at->uid < uid; ++at) {
                if (at->uid != 0) unknown = view_.end();
                if (at->uid == 0 && unknown == view_.end()) unknown = at;
            }
            if (unknown == view_.end()) contradiction("VANISHED for a message never told", set);
            view_.erase(unknown);
        }
    }
}

void imap_replica::apply_fetch(std::uint32_t sequence, std::string_view items) {
    auto& one = view_[sequence - 1];
    bool has_flags = false;
    const auto flags = list_after(items, "FLAGS (", has_flags);
    const auto uid_at = items.starts_with("UID ") ? 0 : items.find(" UID ");
    if (uid_at != std::string_view::npos) {
        const auto uid = static_cast<std::uint32_t>(number_after(items.substr(uid_at), "UID "));
        if (one.uid != 0 && one.uid != uid)
            contradiction(
                "message " + std::to_string(sequence) + " was UID " + std::to_string(one.uid),
                items);
        one.uid = uid;
        for (std::size_t n = 0; n < view_.size(); ++n) {
            const bool before = n + 1 < sequence;
            const bool is_wrong = before ? view_[n].uid >= uid : view_[n].uid <= uid;
            if (n + 1 != sequence && view_[n].uid != 0 && is_wrong)
                contradiction("UIDs out of order", items);
        }
    }
    if (has_flags) {
        one.has_flags = true;
        one.flags = words_of(flags);
        one.flags.erase("\\Recent");  // is this session's alone
    }
    if (const auto modseq = number_after(items, "MODSEQ (")) {
        if (modseq < one.modseq) contradiction("a modseq went back", items);
        one.modseq = modseq;
        seen_modseq_ = std::max(seen_modseq_, modseq);
    }
    const auto envelope = items.find("ENVELOPE (");
    if (envelope != std::string_view::npos) {
        const auto subject = items.find("\"s", envelope);
        if (subject != std::string_view::npos) {
            const auto from = subject + 1;
            one.subject = std::string(items.substr(from, items.find('"', from) - from));
        }
    }
}

}  // namespace hauspost::test
