#include "tests/fuzz/support/imap_answers.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace hauspost::fuzz {
namespace {

struct literal {
    std::size_t octets = 0;
    bool is_binary = false;
};

std::optional<std::uint64_t> number_at(std::string_view text) {
    std::uint64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc()) return std::nullopt;
    return value;
}

/// "{3}" or "~{3}" at the end of a line.
std::optional<literal> announced_by(std::string_view line) {
    if (!line.ends_with('}')) return std::nullopt;
    const auto open = line.rfind('{');
    if (open == std::string_view::npos) return std::nullopt;
    const auto digits = line.substr(open + 1, line.size() - open - 2);
    const bool is_number =
        !digits.empty() && std::all_of(digits.begin(), digits.end(), ascii::is_digit);
    if (!is_number) return std::nullopt;
    literal found;
    found.octets = number_at(digits).value_or(0);
    found.is_binary = open > 0 && line[open - 1] == '~';
    return found;
}

}  // namespace

std::optional<std::string> imap_answers::next() {
    std::string response;
    std::size_t at = 0;
    for (;;) {
        const auto end = buffer_.find("\r\n", at);
        if (end == std::string::npos) return std::nullopt;
        const auto line = std::string_view(buffer_).substr(at, end - at);
        response += line;
        at = end + 2;
        const auto follows = announced_by(line);
        if (!follows) break;
        if (buffer_.size() - at < follows->octets) return std::nullopt;
        const auto octets = std::string_view(buffer_).substr(at, follows->octets);
        must(follows->is_binary || octets.find('\0') == std::string_view::npos,
             "a literal has a NUL in it");
        at += follows->octets;
    }
    check_line(response);
    buffer_.erase(0, at);
    return response;
}

void imap_answers::check_line(std::string_view line) const {
    using namespace std::string_view_literals;
    must(line.find_first_of("\r\n\0"sv) == std::string_view::npos,
         "a line has a CR, LF or NUL in it");
    must(may_be_8bit_ || std::none_of(line.begin(), line.end(), ascii::is_8bit),
         "a line has 8-bit octets that were not asked for");
}

std::string imap_answers::take_rest() {
    return std::exchange(buffer_, {});
}

void imap_numbers::hear(std::string_view response, bool selects) {
    const auto number = number_at(response.substr(2));
    const auto space = response.find(' ', 2);
    const auto word = response.substr(std::min(space, response.size()));
    if (response.starts_with("* VANISHED ") && !response.starts_with("* VANISHED (EARLIER)"))
        forget();  // which of the UIDs it names it has seen only the client's cache could tell
    if (!number || space == std::string_view::npos) return;
    if (word == " EXISTS") {
        must(selects || !messages_ || *number >= *messages_, "EXISTS has become less by itself");
        messages_ = *number;
    } else if (word == " EXPUNGE") {
        must(*number > 0 && (!messages_ || *number <= *messages_), "EXPUNGE of no message");
        if (messages_) --*messages_;
    } else if (word.starts_with(" FETCH ")) {
        must(*number > 0 && (!messages_ || *number <= *messages_), "FETCH of no message");
    }
}

bool has_word(std::string_view text, std::string_view word) {
    return ascii::uppered(text).find(word) != std::string::npos;
}

}  // namespace hauspost::fuzz
