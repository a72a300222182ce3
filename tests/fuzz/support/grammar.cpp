#include "tests/fuzz/support/grammar.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace hauspost::fuzz {
namespace {

constexpr char end_of_part = '\x1d';
constexpr unsigned max_depth = 24;
constexpr std::size_t max_octets = 6'000;

using piece = grammar::piece;

piece reference(std::string_view name) {
    piece made;
    made.what = piece::kind::rule;
    if (name.ends_with('+')) made.what = piece::kind::literal;
    if (name.ends_with('!')) made.what = piece::kind::waiting_literal;
    if (name.ends_with('~')) made.what = piece::kind::literal8;
    if (made.what != piece::kind::rule) name.remove_suffix(1);
    made.text = name;
    return made;
}

grammar::form read_form(std::string_view line) {
    grammar::form pieces;
    const auto add_text = [&pieces](std::string_view text) {
        if (text.empty()) return;
        if (pieces.empty() || pieces.back().what != piece::kind::text) pieces.emplace_back();
        pieces.back().text += text;
    };
    while (!line.empty()) {
        const auto at = std::min(line.find('<'), line.size());
        add_text(line.substr(0, at));
        line.remove_prefix(at);
        if (line.starts_with("<<")) {
            add_text("<");
            line.remove_prefix(2);
        } else if (!line.empty()) {
            const auto end = line.find('>');
            must(end != std::string_view::npos, "a reference of a rule does not end");
            if (end > 1) pieces.push_back(reference(line.substr(1, end - 1)));
            line.remove_prefix(end + 1);
        }
    }
    return pieces;
}

std::string_view wrong_token(chooser& choices) {
    static const std::string long_word(300, 'a');
    static const std::string open(100, '(');
    using namespace std::string_view_literals;
    static const std::array<std::string_view, 28> tokens{{"\"",
                                                          "(",
                                                          ")",
                                                          "{",
                                                          "}",
                                                          "*",
                                                          "%",
                                                          "\\",
                                                          "]",
                                                          "NIL",
                                                          " ",
                                                          "  ",
                                                          "0",
                                                          "4294967295",
                                                          "4294967296",
                                                          "9223372036854775807",
                                                          "9223372036854775808",
                                                          "18446744073709551616",
                                                          "-1",
                                                          "{4294967296}",
                                                          "~{",
                                                          "$",
                                                          "\x80",
                                                          "\xc3\xa4",
                                                          "1:*,",
                                                          "\0"sv,
                                                          long_word,
                                                          open}};
    return tokens[choices.below(tokens.size())];
}

}  // namespace

void must(bool holds, std::string_view what) {
    if (holds) return;
    std::fprintf(stderr, "broken: %.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
}

void show(const void* who, char direction, std::string_view octets) {
    static const bool is_wanted = std::getenv("HAUSPOST_FUZZ_TALK") != nullptr;
    if (!is_wanted) return;
    std::fprintf(stderr, "%p %c ", who, direction);
    for (const char c : octets) {
        const bool is_plain = c >= ' ' && c < 0x7f;
        if (is_plain)
            std::fputc(c, stderr);
        else
            std::fprintf(stderr, "\\x%02x", static_cast<unsigned char>(c));
    }
    std::fputc('\n', stderr);
}

std::size_t chooser::below(std::size_t count) {
    if (left_.empty()) return 0;
    const std::size_t octet = left_.front();
    left_ = left_.subspan(1);
    return octet % count;
}

/// One sentence while it grows.
class sentence_maker {
public:
    sentence_maker(const grammar& rules, chooser& choices, const variables& known)
        : rules_(rules), choices_(choices), known_(known) {
        constexpr std::size_t untouched = 210;  // of 256
        if (choices_.below(256) >= untouched) spoil_at_ = choices_.below(32);
    }

    sentence make(std::string_view start) {
        expand(start, 0);
        if (out_.ends_with('}')) is_framed_ = false;  // by accident it announces a literal
        out_ += "\r\n";
        sentence made;
        made.is_framed = is_framed_;
        for (std::size_t at = 0; at < out_.size();) {
            const auto end = std::min(out_.find(end_of_part, at), out_.size());
            made.parts.push_back(out_.substr(at, end - at));
            at = end + 1;
        }
        return made;
    }

private:
    void expand(std::string_view name, unsigned depth) {
        const bool is_spoilt = references_++ == spoil_at_;
        const auto start = out_.size();
        write(name, depth);
        if (is_spoilt) spoil(start);
    }

    void write(std::string_view name, unsigned depth) {
        if (name == "crlf") {
            out_ += "\r\n";
        } else if (name == "wait") {
            out_ += end_of_part;
        } else if (const auto rule = rules_.rules_.find(name); rule != rules_.rules_.end()) {
            const auto& forms = rule->second;
            const bool is_simple =
                forms.size() == 1 || depth > max_depth || out_.size() > max_octets;
            for (const auto& piece : forms[is_simple ? 0 : choices_.below(forms.size())])
                write(piece, depth + 1);
        } else {
            const auto value = known_.find(name);
            must(value != known_.end(), name);
            out_ += value->second;
        }
    }

    void write(const piece& one, unsigned depth) {
        using kind = piece::kind;
        if (one.what == kind::text) {
            out_ += one.text;
            return;
        }
        if (one.what == kind::rule) return expand(one.text, depth);
        const bool has_wrong_length = references_++ == spoil_at_;
        const auto start = out_.size();
        expand(one.text, depth);
        auto octets = out_.size() - start;
        if (has_wrong_length) octets = octets + 1 - choices_.below(3);
        if (has_wrong_length || out_.find(end_of_part, start) != std::string::npos)
            is_framed_ = false;
        std::string head = one.what == kind::literal8 ? "~{" : "{";
        head += std::to_string(octets);
        if (one.what == kind::waiting_literal)
            head.append("}\r\n").push_back(end_of_part);
        else
            head += "+}\r\n";
        out_.insert(start, head);
    }

    /// What was written since `start` becomes wrong.
    void spoil(std::size_t start) {
        const auto right = out_.substr(start);
        switch (choices_.below(7)) {
        case 0: out_.replace(start, std::string::npos, wrong_token(choices_)); break;
        case 1: out_.resize(start); break;
        case 2: out_ += right; break;
        case 3: out_.append(" ").append(right); break;
        case 4: out_.resize(start + right.size() / 2); break;
        case 5:
            out_.resize(start);
            write(rules_.names_[choices_.below(rules_.names_.size())], max_depth - 2);
            break;
        case 6:
            if (right.empty()) break;
            out_[start + choices_.below(256) % right.size()] =
                static_cast<char>(choices_.below(256));
            break;
        }
        const auto changes_lines = [](std::string_view text) {
            return text.find_first_of("\r\n\x1d") != std::string_view::npos;
        };
        if (changes_lines(right) || changes_lines(std::string_view(out_).substr(start)))
            is_framed_ = false;
    }

    const grammar& rules_;
    chooser& choices_;
    const variables& known_;
    std::string out_;
    std::size_t references_ = 0;
    std::size_t spoil_at_ = SIZE_MAX;
    bool is_framed_ = true;
};

grammar::grammar(std::string_view rules) {
    std::string name;
    while (!rules.empty()) {
        const auto end = std::min(rules.find('\n'), rules.size());
        auto line = rules.substr(0, end);
        rules.remove_prefix(std::min(end + 1, rules.size()));
        if (line.empty()) continue;
        if (line.starts_with("    ")) {
            line.remove_prefix(4);
            must(!name.empty(), "a form stands before the first rule");
            for (;;) {
                const auto bar = line.find(" | ");
                rules_[name].push_back(read_form(line.substr(0, bar)));
                if (bar == std::string_view::npos) break;
                line.remove_prefix(bar + 3);
            }
        } else {
            name = line;
            must(rules_.try_emplace(name).second, "two rules of one name");
            names_.push_back(name);
        }
    }
    for (const auto& [rule, forms] : rules_)
        must(!forms.empty(), rule);
}

sentence grammar::make(std::string_view start, chooser& choices, const variables& known) const {
    return sentence_maker(*this, choices, known).make(start);
}

}  // namespace hauspost::fuzz
