#include "protocols/imap/grammar/append_parser.hpp"
#include "protocols/imap/grammar/command_parser.hpp"
#include "protocols/imap/grammar/limits.hpp"
#include "protocols/imap/grammar/parse.hpp"
#include "protocols/message/date_time.hpp"

namespace hauspost::imap {
namespace {

using place = append_progress::place;

/// What a piece of the grammar has come to.
enum class reached : std::uint8_t {
    part,     // its end; more may follow
    message,  // the literal of a message or of a part of one
    name,     // a literal that is no message's
    refused,
};

std::optional<mail::date_time> parse_date_time(lexer& text) {
    const auto quoted = text.string();
    if (!quoted) return text.fail("a date and time in quotes is expected here");
    const auto date = message::parse_internal_date(*quoted);
    if (!date) return text.fail("the date and time are not valid");
    return *date;
}

class step_parser {
public:
    step_parser(lexer& text, bool has_literal, append_progress progress)
        : text_(text), has_literal_(has_literal), progress_(progress) {}

    /// After the mailbox name, or after a literal.
    reached step() {
        auto end = go_on();
        while (end == reached::part && !text_.at_end())
            end = message();
        return end;
    }
    [[nodiscard]] append_head& head() noexcept { return head_; }
    [[nodiscard]] const append_progress& progress() const noexcept { return progress_; }
    void set_replace() noexcept { progress_.is_replace = true; }

private:
    reached refuse(std::string_view why) {
        text_.fail(why);
        return reached::refused;
    }
    reached refuse_limit(std::string_view why) {
        text_.fail(status::no, "LIMIT", why);
        return reached::refused;
    }
    [[nodiscard]] bool literal_is_here() const noexcept { return has_literal_ && text_.at_end(); }
    reached literal(place after) {
        if (!literal_is_here()) return refuse("a literal is expected here");
        progress_.at = after;
        return reached::message;
    }

    /// What is open at the begin of the step.
    reached go_on() {
        switch (progress_.at) {
        case place::start:
        case place::message_over: return reached::part;
        case place::utf8:
            if (!text_.accept(')')) return refuse("The closing parenthesis of UTF8 is missing");
            progress_.at = place::message_over;
            return reached::part;
        case place::catenate_utf8:
            if (!text_.accept(')')) return refuse("The closing parenthesis of UTF8 is missing");
            return more_parts();
        case place::catenate: return more_parts();
        }
        return reached::refused;
    }

    /// append-message = [SP flag-list] [SP date-time] SP append-data
    reached message() {
        if (!text_.space()) return reached::refused;
        if (progress_.messages > 0 && progress_.is_replace)
            return refuse("REPLACE takes one message");
        if (progress_.messages == max_append_messages)
            return refuse_limit("too many messages in one APPEND");
        ++progress_.messages;
        append_message begun;
        if (text_.peek() == '(') {
            auto flags = parse_flags(text_, false);
            if (!flags || !text_.space()) return reached::refused;
            begun.flags = std::move(*flags);
        }
        if (text_.peek() == '"') {
            begun.internal_date = parse_date_time(text_);
            if (!begun.internal_date || !text_.space()) return reached::refused;
        }
        head_.events.emplace_back(std::move(begun));
        if (literal_is_here()) return literal(place::message_over);
        if (text_.accept_word("UTF8 (")) return utf8(place::utf8);
        if (!text_.accept_word("CATENATE (")) return refuse("the message is expected as a literal");
        head_.command.is_catenated = true;
        return parts();
    }

    reached utf8(place after) {
        if (!progress_.is_utf8) return refuse("UTF8 needs ENABLE UTF8=ACCEPT");
        return literal(after);
    }

    /// cat-part *(SP cat-part) ")"
    reached parts() {
        for (;;) {
            const auto end = one_part();
            if (end != reached::part) return end;
            if (text_.accept(')')) break;
            if (!text_.space()) return reached::refused;
        }
        progress_.at = place::message_over;
        return reached::part;
    }
    reached more_parts() {
        head_.command.is_catenated = true;
        progress_.at = place::message_over;
        if (text_.accept(')')) return reached::part;
        if (!text_.space()) return reached::refused;
        return parts();
    }

    /// cat-part = "TEXT" SP literal / "URL" SP astring / "UTF8" SP "(" literal8 ")"
    reached one_part() {
        if (progress_.parts == max_catenate_parts)
            return refuse_limit("too many parts in one CATENATE");
        ++progress_.parts;
        if (text_.accept_word("TEXT ")) return literal(place::catenate);
        if (text_.accept_word("UTF8 (")) return utf8(place::catenate_utf8);
        if (!text_.accept_word("URL ")) return refuse("TEXT or URL is expected here");
        if (literal_is_here()) return reached::name;
        auto url = text_.astring();
        if (!url) return refuse("a URL is expected here");
        if (url->size() > max_url_octets) return refuse_limit("the URL is too long");
        head_.events.emplace_back(append_url{std::move(*url)});
        return reached::part;
    }

    lexer& text_;
    bool has_literal_;
    append_progress progress_;
    append_head head_;
};

/// "APPEND SP mailbox" or "[UID SP] REPLACE SP number SP mailbox"; nullopt: `end` says what it is.
bool parse_command_head(lexer& text, step_parser& step, bool has_literal, reached& end) {
    auto& command = step.head().command;
    auto word = text.word();
    const bool by_uid = word == "UID" && text.accept(' ');
    if (by_uid) word = text.word();
    end = reached::name;
    if (word != "REPLACE" && (word != "APPEND" || by_uid)) return false;
    end = reached::refused;
    if (word == "REPLACE") {
        step.set_replace();
        if (!text.space()) return false;
        std::optional<std::uint32_t> number;
        if (text.accept('*'))
            number = 0;  // the last message
        else if (number = text.number(); number == 0u)
            number.reset();
        if (!number) {
            text.fail("REPLACE needs the number of one message");
            return false;
        }
        command.replaces = cmd::replaced_number{by_uid, *number};
    }
    if (has_literal && text.rest() == " ") end = reached::name;
    if (end == reached::name || !text.space()) return false;
    auto mailbox = parse_mailbox(text);
    if (!mailbox) return false;
    command.mailbox = std::move(*mailbox);
    return true;
}

}  // namespace

std::variant<no_append, append_head, append_over, refusal> parse_append(std::string_view whole,
                                                                        bool has_literal,
                                                                        append_progress& progress) {
    const bool is_first = progress.at == place::start;
    const auto tag = is_first ? tag_of(whole) : std::string_view{};
    lexer text(whole, progress.is_utf8);
    step_parser parser(text, has_literal, progress);
    auto end = reached::name;
    if (is_first) {
        text.tag();
        if (tag == "*" || !text.accept(' ')) return no_append{};
        if (!parse_command_head(text, parser, has_literal, end)) {
            if (end == reached::name) return no_append{};
            return text.why(tag);
        }
        // Without a message it is no APPEND.
        if (text.at_end()) text.space();
    } else if (text.at_end() && !has_literal && progress.at == place::message_over) {
        return append_over{};
    }
    end = text.failed() ? reached::refused : parser.step();
    if (end == reached::name) return no_append{};
    // A literal in a place where there is none: its octets must not become commands.
    if (end == reached::part && has_literal) text.fail("a literal is not expected here");
    if (end == reached::refused || text.failed()) return text.why(tag);
    progress = parser.progress();
    auto& head = parser.head();
    head.command.has_literal = has_literal;
    if (!has_literal && head.events.empty()) return append_over{};
    head.tag = std::string(tag);
    return std::move(head);
}

}  // namespace hauspost::imap
