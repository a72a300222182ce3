#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hauspost::dkim {

/// A field that is folded where its words end.
class folded_field {
public:
    static constexpr std::size_t max_line_octets = 78;  // RFC 5322 2.1.1

    explicit folded_field(std::string_view begin) : text_(begin), line_(begin.size()) {}

    /// A word with a space before it, on a new line when this one is full.
    void add_word(std::string_view word) {
        if (line_ + 1 + word.size() > max_line_octets) {
            text_ += "\r\n";
            line_ = 0;
        }
        text_ += ' ';
        text_ += word;
        line_ += 1 + word.size();
    }
    /// The value of the tag that stands last, in as many lines as it needs; a fold may stand
    /// anywhere in base64 (RFC 6376 3.5).
    void add_base64(std::string_view digits) {
        while (!digits.empty()) {
            if (line_ == max_line_octets) {
                text_ += "\r\n ";
                line_ = 1;
            }
            const auto piece = digits.substr(0, max_line_octets - line_);
            text_ += piece;
            line_ += piece.size();
            digits.remove_prefix(piece.size());
        }
    }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
    std::size_t line_;  // octets of the last line
};

}  // namespace hauspost::dkim
