#include "server/outbound/submitted_header.hpp"

#include "base/ascii.hpp"
#include "protocols/message/header.hpp"

#include <algorithm>
#include <iterator>

namespace hauspost::outbound {
namespace {

constexpr std::string_view field_line_end = "\r\n";

bool is_any_of(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::any_of(names.begin(), names.end(),
                       [name](std::string_view one) { return ascii::equal_nocase(name, one); });
}

}  // namespace

void submitted_header::take(std::string_view& octets) {
    // The whole piece at once: its end may make one of ours complete.
    const auto room = max_octets + 1 - octets_.size();
    const auto piece = octets.substr(0, room);
    octets_ += piece;
    // An empty line begins the message, or follows a line end.
    std::size_t end = std::string::npos;
    if (octets_.starts_with(field_line_end)) {
        end = 0;
    } else if (const auto at = octets_.find("\r\n\r\n", seen_); at != std::string::npos) {
        end = at + field_line_end.size();
    }
    if (end == std::string::npos) {
        constexpr std::size_t of_an_end = 3;  // octets of "\r\n\r\n" that may be there already
        seen_ = octets_.size() - std::min(octets_.size(), of_an_end);
        octets.remove_prefix(piece.size());
        is_too_long_ = octets_.size() > max_octets;
        return;
    }
    const auto taken_before = octets_.size() - piece.size();
    const auto header = end + field_line_end.size();
    octets_.resize(header);
    octets.remove_prefix(header - taken_before);
    fields_end_ = end;
    body_ = header;
    is_complete_ = true;
    look_at_fields(end);
}

void submitted_header::finish() {
    if (is_complete_) return;
    fields_end_ = body_ = octets_.size();
    is_complete_ = true;
    look_at_fields(octets_.size());
}

void submitted_header::look_at_fields(std::size_t end) {
    const std::string_view header(octets_.data(), end);
    std::size_t at = 0;
    std::size_t run = 0;  // where the fields begin that are kept together
    const auto keep_run = [&] {
        if (at > run) kept_.push_back(header.substr(run, at - run));
    };
    message::header_reader reader(header);
    while (reader.next()) {
        const auto& field = reader.field();
        if (field.name.empty()) break;
        if (is_any_of(field.name, {"Bcc", "Resent-Bcc"})) {
            keep_run();
            run = at + field.raw.size();
        } else if (is_any_of(field.name, {"From", "Sender", "Resent-From", "Resent-Sender"})) {
            note_authors(field.value);
            has_from_ = has_from_ || ascii::equal_nocase(field.name, "From");
        } else if (ascii::equal_nocase(field.name, "Date")) {
            has_date_ = true;
        } else if (ascii::equal_nocase(field.name, "Message-ID")) {
            has_message_id_ = true;
        }
        at += field.raw.size();
    }
    keep_run();
    const bool is_broken_off = at < end && reader.field().name.empty();
    is_too_long_ = at < end && !is_broken_off;
    if (is_broken_off) fields_end_ = body_ = at;
}

void submitted_header::note_authors(std::string_view value) {
    auto found = message::parse_address_list(value);
    std::erase_if(found,
                  [](const auto& one) { return one.type != message::address::kind::mailbox; });
    // A field that names nobody is not an author whom anybody could allow.
    if (found.empty()) found.emplace_back();
    authors_.insert(authors_.end(), std::make_move_iterator(found.begin()),
                    std::make_move_iterator(found.end()));
}

void submitted_header::add(std::string_view name, std::string_view value) {
    added_ += name;
    added_ += ": ";
    added_ += value;
    added_ += field_line_end;
}

void submitted_header::release() {
    *this = submitted_header();
    is_complete_ = true;
}

std::vector<std::string_view> submitted_header::pieces() const {
    auto all = kept_;
    // Only the last line of a message may lack its end.
    if (!all.empty() && !all.back().ends_with(field_line_end)) all.push_back(field_line_end);
    if (!added_.empty()) all.push_back(added_);
    all.push_back(field_line_end);
    const std::string_view rest = std::string_view(octets_).substr(body_);
    if (!rest.empty()) all.push_back(rest);
    return all;
}

}  // namespace hauspost::outbound
