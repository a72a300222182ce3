#include "protocols/message/address.hpp"

#include "protocols/message/encoded_word.hpp"

#include <utility>

namespace hauspost::message {
namespace {

constexpr std::string_view specials = "()<>[]:;@\\,.\"";  // RFC 5322 3.2.3
constexpr std::string_view blanks = " \t\r\n";

struct token {
    enum class kind : std::uint8_t { end, word, quoted, literal, special };
    kind type = kind::end;
    std::string text;  // unquoted
    char special = 0;
    bool spaced = false;  // white space or a comment stands before it
    bool is(char c) const { return type == kind::special && special == c; }
};

/// Takes a structured value apart; comments are passed over and the last one is kept. Each octet is
/// looked at once, nesting is a counter.
class tokenizer {
public:
    explicit tokenizer(std::string_view value) : rest_(value) {}

    token next() {
        const auto before = rest_.size();
        skip_blanks_and_comments();
        const bool spaced = rest_.size() < before;
        auto next = read();
        next.spaced = spaced;
        return next;
    }
    std::string take_comment() { return std::exchange(comment_, {}); }

private:
    token read() {
        if (rest_.empty()) return {};
        const char c = rest_.front();
        if (c == '"') return {token::kind::quoted, quoted('"')};
        if (c == '[') return {token::kind::literal, '[' + quoted(']') + ']'};
        if (c == '\\' || c == ')' || c == ']') return {token::kind::word, take(1)};
        if (specials.find(c) != std::string_view::npos) {
            rest_.remove_prefix(1);
            return {token::kind::special, {}, c};
        }
        // Encoded words hold commas and dots that their writers forgot to encode.
        auto length = encoded_word_length(rest_);
        if (length == 0) length = rest_.find_first_of("()<>[]:;@\\,.\" \t\r\n");
        return {token::kind::word, take(length)};
    }

    std::string take(std::size_t length) {
        std::string text(rest_.substr(0, length));
        rest_.remove_prefix(text.size());
        return text;
    }

    /// After the opening octet up to the closing one, which is taken too; without backslashes and
    /// line ends.
    std::string quoted(char close) {
        std::string text;
        std::size_t i = 1;
        for (; i < rest_.size() && rest_[i] != close; ++i) {
            if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
            if (rest_[i] != '\r' && rest_[i] != '\n') text.push_back(rest_[i]);
        }
        rest_.remove_prefix(i < rest_.size() ? i + 1 : i);
        return text;
    }

    void skip_blanks_and_comments() {
        for (;;) {
            const auto begin = rest_.find_first_not_of(blanks);
            rest_.remove_prefix(begin == std::string_view::npos ? rest_.size() : begin);
            if (!rest_.starts_with('(')) return;
            skip_comment();
        }
    }

    void skip_comment() {
        std::string text;
        std::size_t depth = 0, i = 0;
        for (; i < rest_.size(); ++i) {
            const char c = rest_[i];
            if (c == '(' && depth++ == 0) continue;
            if (c == ')' && --depth == 0) break;
            if (c == '\\' && i + 1 < rest_.size()) ++i;
            if (rest_[i] != '\r' && rest_[i] != '\n') text.push_back(rest_[i]);
        }
        rest_.remove_prefix(i < rest_.size() ? i + 1 : i);
        if (!text.empty()) comment_ = std::move(text);
    }

    std::string_view rest_;
    std::string comment_;
};

/// RFC 5322 3.4 and 4.4 as a state machine: the octets that separate decide, words are gathered.
class list_parser {
public:
    explicit list_parser(std::string_view value) : tokens_(value) {}

    std::vector<address> run() {
        while (list_.size() < max_addresses_per_field) {
            auto token = tokens_.next();
            if (token.type == token::kind::end) break;
            take(token);
        }
        finish_entry();
        close_group();
        return std::move(list_);
    }

private:
    enum class place { phrase, route, angle_local, domain, after };

    void take(token& token) {
        if (token.is(',') && place_ != place::route) return finish_entry();
        if (token.is(';')) {
            finish_entry();
            return close_group();
        }
        if (token.is('<') && !in_angle_) return begin_angle();
        if (token.is('>')) {
            place_ = place::after;
            return;
        }
        switch (place_) {
        case place::phrase: return take_phrase(token);
        case place::route: return take_route(token);
        case place::angle_local: return take_local(token);
        case place::domain: return take_domain(token);
        case place::after: return;  // text behind an address means nothing
        }
    }

    void take_phrase(token& token) {
        if (token.is('@')) {
            entry_.local = std::move(word_);
            display_.resize(before_word_);
            place_ = place::domain;
        } else if (token.is(':')) {
            if (!in_group_) begin_group();
        } else if (token.is('.')) {
            word_ += '.';
            display_ += '.';
            joins_ = true;
        } else if (token.type != token::kind::special) {
            if (!joins_) {
                word_.clear();
                before_word_ = display_.size();
            }
            if (!display_.empty() && (token.spaced || !joins_)) display_ += ' ';
            display_ += token.text;
            word_ += token.text;
            has_word_ = true;
            joins_ = false;
        }
    }

    void take_route(token& token) {
        if (token.is(':'))
            place_ = place::angle_local;
        else
            entry_.route +=
                token.type == token::kind::special ? std::string(1, token.special) : token.text;
    }

    void take_local(token& token) {
        if (token.is('@')) {
            if (entry_.local.empty() && entry_.route.empty()) {
                entry_.route.assign(1, '@');
                place_ = place::route;
            } else {
                place_ = place::domain;
            }
        } else if (token.is('.')) {
            entry_.local += '.';
        } else {
            entry_.local += token.text;
        }
    }

    void take_domain(token& token) {
        if (token.is('.')) {
            entry_.domain += '.';
        } else if (token.type != token::kind::special) {
            const bool continues = entry_.domain.empty() || entry_.domain.ends_with('.');
            if (continues)
                entry_.domain += token.text;
            else
                place_ = in_angle_ ? place_ : place::after;
        }
    }

    void begin_angle() {
        if (place_ == place::domain || place_ == place::after) {
            // "ann@a.example <ann@a.example>": the first one was meant as a name.
            display_ += entry_.local;
            if (!entry_.domain.empty()) display_ += '@' + entry_.domain;
            entry_ = {};
        }
        in_angle_ = true;
        place_ = place::angle_local;
    }

    void begin_group() {
        address group;
        group.type = address::kind::group_start;
        group.display = std::exchange(display_, {});
        list_.push_back(std::move(group));
        in_group_ = true;
        tokens_.take_comment();  // it was on the group
        begin_entry();
    }

    void close_group() {
        if (!in_group_) return;
        address group;
        group.type = address::kind::group_end;
        list_.push_back(std::move(group));
        in_group_ = false;
    }

    void finish_entry() {
        if (place_ == place::phrase && display_.empty()) {
            tokens_.take_comment();  // it was on nothing
            has_word_ = joins_ = false;
            return;
        }
        const bool has_at = place_ == place::domain || place_ == place::after;
        if (!in_angle_ && !has_at && before_word_ == 0) {  // one word: a local part alone
            entry_.local = std::exchange(word_, {});
            display_.clear();
        }
        if (place_ == place::route) {  // "<@a.example>": no route without ":"
            entry_.domain = entry_.route.substr(1);
            entry_.route.clear();
        }
        entry_.display = std::exchange(display_, {});
        auto comment = tokens_.take_comment();
        if (in_angle_ || has_at || has_word_) {
            if (entry_.display.empty()) entry_.display = std::move(comment);
            list_.push_back(std::move(entry_));
        }
        begin_entry();
    }

    void begin_entry() {
        entry_ = {};
        display_.clear();
        word_.clear();
        before_word_ = 0;
        has_word_ = joins_ = in_angle_ = false;
        place_ = place::phrase;
    }

    tokenizer tokens_;
    std::vector<address> list_;
    address entry_;
    std::string display_;          // all words so far
    std::string word_;             // the last one, which may turn out to be the local part
    std::size_t before_word_ = 0;  // octets of display_ before it
    place place_ = place::phrase;
    bool has_word_ = false;
    bool joins_ = false;  // the last token was a dot
    bool in_angle_ = false;
    bool in_group_ = false;
};

}  // namespace

std::vector<address> parse_address_list(std::string_view value) {
    return list_parser(value).run();
}

}  // namespace hauspost::message
