#include "protocols/pop3/session/maildrop.hpp"

#include "protocols/pop3/reply.hpp"

#include <algorithm>
#include <unordered_set>

namespace hauspost::pop3 {
namespace {

void add_uid(mail::uid_ranges& ranges, uid id) {
    if (!ranges.empty() && ranges.back().last.value() + 1 == id.value())
        ranges.back().last = id;
    else
        ranges.push_back({id, id});
}

}  // namespace

void maildrop::add(uid id, blob_id blob, std::uint64_t octets, bool is_seen) {
    // Octets that come new get a number above all others, so nearly all messages stand in the order
    // of their blobs. Only those that do not can show what an older one shows.
    if (blob > newest_)
        newest_ = blob;
    else
        suspects_.push_back(static_cast<std::uint32_t>(messages_.size()));
    maildrop_message message;
    message.blob = blob;
    message.octets = octets;
    message.uid = id;
    message.was_unseen = !is_seen;
    messages_.push_back(message);
    octets_ += octets;
}

void maildrop::find_repeats() {
    if (suspects_.empty()) return;
    std::unordered_set<blob_id> suspected;
    for (const auto place : suspects_)
        suspected.insert(messages_[place].blob);
    std::unordered_set<blob_id> met;
    for (auto& message : messages_)
        if (suspected.contains(message.blob))
            message.is_repeated = !met.insert(message.blob).second;
    suspects_ = {};
}

const maildrop_message* maildrop::find(std::uint64_t number) const noexcept {
    return number == 0 || number > messages_.size() ? nullptr : &messages_[number - 1];
}

void maildrop::mark_deleted(std::uint64_t number) noexcept {
    auto& message = messages_[number - 1];
    if (message.is_deleted) return;
    message.is_deleted = true;
    ++marked_;
    octets_ -= message.octets;
}

void maildrop::unmark_all() noexcept {
    if (marked_ == 0) return;
    for (auto& message : messages_) {
        if (!message.is_deleted) continue;
        message.is_deleted = false;
        octets_ += message.octets;
    }
    marked_ = 0;
}

void maildrop::mark_read(std::uint64_t number) noexcept {
    messages_[number - 1].was_read = true;
}

mail::uid_ranges maildrop::deleted() const {
    mail::uid_ranges ranges;
    for (const auto& message : messages_)
        if (message.is_deleted) add_uid(ranges, message.uid);
    return ranges;
}

mail::uid_ranges maildrop::newly_seen() const {
    mail::uid_ranges ranges;
    for (const auto& message : messages_)
        if (message.was_read && message.was_unseen && !message.is_deleted)
            add_uid(ranges, message.uid);
    return ranges;
}

void append_unique_id(std::string& out, const maildrop_message& message) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (int shift = 60; shift >= 0; shift -= 4)
        out += digits[message.blob.value() >> shift & 15];
    if (!message.is_repeated) return;
    out += '.';
    append_number(out, message.uid.value());
}

}  // namespace hauspost::pop3
