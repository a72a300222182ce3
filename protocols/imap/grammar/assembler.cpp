#include "protocols/imap/grammar/assembler.hpp"

#include "base/ascii.hpp"
#include "protocols/imap/grammar/command_parser.hpp"

#include <algorithm>

namespace hauspost::imap {
namespace {

// "~{18446744073709551615+}" and CRLF fit; whatever is longer is no number that we could read.
constexpr std::size_t max_announcement_octets = 40;

// Larger buffers are given back when they are empty: sessions are many and idle.
constexpr std::size_t kept_octets = 4096;

/// Could it be an APPEND or REPLACE without a literal? Asked of each command, so it must be cheap.
bool announces_catenate(std::string_view line) {
    return line.ends_with(')') && ascii::find_nocase(line, " CATENATE (") != std::string_view::npos;
}

// RFC 2971 3.3: an ID has up to 30 fields of 30 and values of 1024 octets, each of which may be a
// literal. It is the only long command of strangers; what is held of it is bounded all the same.
constexpr std::size_t id_octets = 40'960;
constexpr std::size_t id_literals = 60;

/// tag SP "ID" SP
bool begins_id(std::string_view text) {
    const auto space = text.substr(0, max_tag_octets + 1).find(' ');
    return space != std::string_view::npos &&
           ascii::starts_with_nocase(text.substr(space + 1), "ID ");
}

constexpr std::string_view bare_newline_text = "lines end in CRLF, not in LF alone";

}  // namespace

void assembler::clear() noexcept {
    buffer_.clear();
    scanned_ = 0;
    start_command();
}

std::string assembler::take_rest() {
    std::string rest(buffer_.octets());
    buffer_.clear();
    scanned_ = 0;
    return rest;
}

void assembler::release_memory() {
    buffer_.shrink();
    if (is_done_) std::string().swap(command_);
}

void assembler::start_command() noexcept {
    if (command_.capacity() > kept_octets)
        std::string().swap(command_);
    else
        command_.clear();
    is_done_ = false;
    line_octets_ = 0;
    literals_ = 0;
    tail_.clear();
    is_append_refused_ = false;
    progress_ = {};
    progress_.is_utf8 = is_utf8_;
    state_ = state::line;
}

void assembler::take(std::size_t count) noexcept {
    buffer_.consume(count);
    scanned_ -= std::min(scanned_, count);
}

std::size_t assembler::line_octets_left() const noexcept {
    auto most = is_logged_in_ ? limits_.line_octets : limits_.line_octets_before_login;
    const auto begin = command_.empty() ? buffer_.octets() : std::string_view(command_);
    if (begins_id(begin)) most = std::max(most, id_octets);
    return most - std::min(most, line_octets_);
}

/// Looks for a line of at most max_octets, CRLF included. What is found depends on the octets
/// alone, not on how they were fed. count: of the line, or of what is there of it.
assembler::found assembler::find_line(std::uint64_t max_octets, std::size_t& count) {
    const auto there = buffer_.octets();
    const auto window = there.substr(
        0, static_cast<std::size_t>(std::min<std::uint64_t>(there.size(), max_octets)));
    const auto newline = window.find('\n', scanned_);
    if (newline == std::string_view::npos) {
        scanned_ = std::max(scanned_, window.size());
        count = window.size();
        return there.size() >= max_octets ? found::too_long : found::nothing;
    }
    count = newline + 1;
    return newline > 0 && window[newline - 1] == '\r' ? found::line : found::bare_newline;
}

assembly assembler::next() {
    if (is_done_) start_command();
    auto reached = step();
    while (!reached)
        reached = step();
    if (*reached == assembly::need_more) buffer_.release();
    return *reached;
}

assembly assembler::next_line() {
    if (state_ == state::closed) return assembly::refused;
    if (is_done_) start_command();
    std::size_t count = 0;
    switch (find_line(line_octets_left(), count)) {
    case found::nothing: return assembly::need_more;
    case found::bare_newline: return *close("", bare_newline_text);
    case found::too_long: return *close("TOOBIG", "the line is too long");
    case found::line: break;
    }
    command_.assign(buffer_.octets(), 0, count - 2);
    take(count);
    is_done_ = true;
    return assembly::complete;
}

assembler::outcome assembler::step() {
    switch (state_) {
    case state::line: return step_line();
    case state::literal: return step_literal();
    case state::append_verdict: return assembly::append;
    case state::append_literal:
        // The session has not taken all of it.
        if (literal_left_ > 0) return assembly::need_more;
        command_.clear();
        state_ = state::line;
        return std::nullopt;
    case state::append_over: start_command(); return assembly::append_end;
    case state::swallow_line: return step_swallow_line();
    case state::swallow_literal: return step_swallow_literal();
    case state::closed: return assembly::refused;
    }
    return assembly::refused;
}

assembler::outcome assembler::step_line() {
    std::size_t count = 0;
    switch (find_line(line_octets_left(), count)) {
    case found::nothing: return assembly::need_more;
    case found::bare_newline: return close("", bare_newline_text);
    case found::too_long:
        if (command_.empty())
            command_.assign(buffer_.octets(), 0, std::min(count, max_tag_octets + 1));
        refuse(status::no, "TOOBIG", "the command line is too long");
        swallow_left_ = limits_.swallowed_octets;
        state_ = state::swallow_line;
        return std::nullopt;
    case found::line: break;
    }
    const auto line = buffer_.octets().substr(0, count - 2);
    const auto start = command_.size();
    command_.append(line);
    line_octets_ += count;
    take(count);
    auto literal = announced_by(std::string_view(command_).substr(start));
    if (!literal) return on_last_line();
    literal->at += start;
    return on_literal(*literal);
}

std::optional<assembler::announcement> assembler::announced_by(std::string_view line) {
    // Any line that ends so announces a literal, also where the grammar has no place for one: the
    // client will send its octets, and they must not be taken for commands.
    if (!line.ends_with('}')) return std::nullopt;
    announcement literal;
    auto end = line.size() - 1;
    if (end > 0 && line[end - 1] == '+') {
        literal.is_synchronising = false;
        --end;
    }
    auto at = end;
    while (at > 0 && ascii::is_digit(line[at - 1]))
        --at;
    const bool is_open = at > 0 && line[at - 1] == '{';
    // Only digits as far as can be seen: the "{" stands before what was kept of the line.
    if (!is_open && at > 0) return std::nullopt;
    literal.is_valid = is_open && end > at && end - at <= 20;
    for (auto digit = at; digit < end && literal.is_valid; ++digit) {
        if (literal.octets > (UINT64_MAX - 9) / 10) literal.is_valid = false;
        literal.octets = literal.octets * 10 + static_cast<std::uint64_t>(line[digit] - '0');
    }
    literal.at = is_open ? at - 1 : 0;
    literal.is_literal8 = literal.at > 0 && line[literal.at - 1] == '~';
    if (literal.is_literal8) --literal.at;
    return literal;
}

assembler::outcome assembler::on_literal(const announcement& literal) {
    const auto most = is_logged_in_ ? limits_.literal_octets : limits_.literal_octets_before_login;
    auto in_all = is_logged_in_ ? limits_.command_octets : limits_.command_octets_before_login;
    auto literals = is_logged_in_ ? limits_.literals : limits_.literals_before_login;
    if (begins_id(command_)) {
        in_all = std::max(in_all, id_octets);
        literals = std::max(literals, id_literals);
    }
    auto may_swallow = std::uint64_t{limits_.swallowed_octets};
    if (!literal.is_valid) {
        refuse(status::bad, "", "the literal's size cannot be read");
        return refuse_literal(literal, may_swallow);
    }
    auto append = parse_append(std::string_view(command_).substr(0, literal.at), true, progress_);
    if (auto* head = std::get_if<append_head>(&append)) return on_append(literal, std::move(*head));
    if (auto* why = std::get_if<imap::refusal>(&append)) {
        refuse(why->status, why->code, why->text);
        // It may well be an ordinary message behind a wrong date: not worth the connection.
        if (is_logged_in_) may_swallow += limits_.append_octets;
        return refuse_literal(literal, may_swallow);
    }
    if (++literals_ > literals)
        refuse(status::no, "LIMIT", "too many literals in one command");
    else if (literal.octets > most || command_.size() + literal.octets > in_all)
        refuse(status::no, "TOOBIG", "the literal is too large");
    else if (limits_.literal_minus && !literal.is_synchronising &&
             literal.octets > literal_minus_octets)
        refuse(status::bad, "TOOBIG", "a non-synchronising literal has at most 4096 octets");
    else {
        command_ += "\r\n";
        literal_left_ = literal.octets;
        state_ = state::literal;
        if (literal.is_synchronising) return assembly::continuation;
        return std::nullopt;
    }
    return refuse_literal(literal, may_swallow);
}

/// The command's line ends without a literal. Nearly always that is the whole command; an APPEND
/// that only catenates, and what comes after a message, is the exception.
assembler::outcome assembler::on_last_line() {
    if (!is_appending() && !announces_catenate(command_)) {
        is_done_ = true;
        return assembly::complete;
    }
    auto append = parse_append(command_, false, progress_);
    if (auto* head = std::get_if<append_head>(&append)) {
        begin_step(std::move(*head));
        return assembly::append;
    }
    if (auto* why = std::get_if<imap::refusal>(&append)) {
        refuse(why->status, why->code, why->text);
        return end_refused();
    }
    if (std::holds_alternative<append_over>(append)) {
        start_command();
        return assembly::append_end;
    }
    is_done_ = true;
    return assembly::complete;
}

/// The tag of the first step stays with all of them.
void assembler::begin_step(append_head head) {
    if (head.tag.empty()) head.tag = std::move(append_.tag);
    append_ = std::move(head);
    state_ = state::append_verdict;
}

assembler::outcome assembler::on_append(const announcement& literal, append_head head) {
    begin_step(std::move(head));
    append_.command.octets = literal.octets;
    append_.command.is_synchronising = literal.is_synchronising;
    append_.command.is_literal8 = literal.is_literal8;
    literal_left_ = literal.octets;
    if (literal.octets <= limits_.append_octets) return assembly::append;
    refuse(status::no, "TOOBIG", "the message is too large");
    return refuse_literal(literal,
                          limits_.swallowed_octets + (is_logged_in_ ? limits_.append_octets : 0));
}

/// The command is over unless its octets come without our asking for them.
assembler::outcome assembler::refuse_literal(const announcement& literal,
                                             std::uint64_t may_swallow) {
    if (literal.is_synchronising) return end_refused();
    if (!literal.is_valid || literal.octets > may_swallow)
        return close(refusal_.code, refusal_.text);
    literal_left_ = literal.octets;
    swallow_left_ = may_swallow - literal.octets;
    state_ = state::swallow_literal;
    return std::nullopt;
}

assembler::outcome assembler::step_literal() {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(buffered(), literal_left_));
    command_.append(buffer_.octets(), 0, count);
    take(count);
    literal_left_ -= count;
    if (literal_left_ > 0) return assembly::need_more;
    state_ = state::line;
    return std::nullopt;
}

assembler::outcome assembler::step_swallow_line() {
    std::size_t count = 0;
    const auto seen = find_line(swallow_left_, count);
    if (seen == found::too_long) return close(refusal_.code, refusal_.text);
    tail_.append(buffer_.octets(), 0, count);
    if (tail_.size() > max_announcement_octets)
        tail_.erase(0, tail_.size() - max_announcement_octets);
    take(count);
    swallow_left_ -= count;
    if (seen == found::nothing) return assembly::need_more;
    if (!tail_.ends_with("\r\n")) return close("", bare_newline_text);  // CR and LF may be apart
    tail_.resize(tail_.size() - 2);
    const auto literal = announced_by(tail_);
    tail_.clear();
    if (!literal || literal->is_synchronising) return end_refused();
    return refuse_literal(*literal, swallow_left_);
}

assembler::outcome assembler::step_swallow_literal() {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(buffered(), literal_left_));
    take(count);
    literal_left_ -= count;
    if (literal_left_ > 0) return assembly::need_more;
    state_ = state::swallow_line;
    return std::nullopt;
}

assembler::outcome assembler::end_refused() {
    const bool was_append = is_append_refused_;
    start_command();
    return was_append ? assembly::append_end : assembly::refused;
}

void assembler::accept_append() noexcept {
    if (state_ != state::append_verdict) return;
    state_ = append_.command.has_literal ? state::append_literal : state::append_over;
}

void assembler::refuse_append() noexcept {
    if (state_ != state::append_verdict && state_ != state::append_literal) return;
    const bool is_sent = state_ == state::append_literal ||
                         (append_.command.has_literal && !append_.command.is_synchronising);
    if (!is_sent) {
        literal_left_ = 0;
        state_ = state::append_over;
        return;
    }
    refuse(status::no, "", "the message is not taken");  // should it come to close()
    // A stranger's message is not worth reading to its end.
    const auto most = limits_.swallowed_octets + (is_logged_in_ ? limits_.append_octets : 0);
    if (literal_left_ > most) {
        static_cast<void>(close("", "the message is not taken"));
        return;
    }
    swallow_left_ = most - literal_left_;
    is_append_refused_ = true;
    state_ = state::swallow_literal;
}

std::string_view assembler::take_literal() {
    if (state_ != state::append_literal) return {};
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(buffered(), literal_left_));
    const auto octets = buffer_.octets().substr(0, count);
    take(count);
    literal_left_ -= count;
    return octets;
}

void assembler::refuse(status kind, std::string_view code, std::string_view text) {
    refusal_.tag = is_appending() ? append_.tag : std::string(tag_of(command_));
    refusal_.status = kind;
    refusal_.code = std::string(code);
    refusal_.text = std::string(text);
}

assembler::outcome assembler::close(std::string_view code, std::string_view text) {
    imap::refusal why;
    why.status = status::bye;
    why.code = std::string(code);
    why.text = std::string(text);
    refusal_ = std::move(why);
    must_close_ = true;
    state_ = state::closed;
    return assembly::refused;
}

}  // namespace hauspost::imap
