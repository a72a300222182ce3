#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace hauspost::imap {

/// Writes the texts that are kept with a message (ENVELOPE, BODYSTRUCTURE); what is told at once
/// goes out by response_writer. Whatever goes in, the text stays well-formed ASCII: no NUL, and
/// CR and LF only inside a literal. RFC 9051 9.
class text_writer {
public:
    /// budget_octets  when the text is that long, further nstrings are NIL
    explicit text_writer(std::size_t budget_octets) : budget_octets_(budget_octets) {}

    /// Syntax of our own: parentheses, spaces, atoms.
    void raw(std::string_view syntax) { text_ += syntax; }
    /// Cuts the text off at `begin` and goes on with syntax.
    void replace_from(std::size_t begin, std::string_view syntax) {
        text_.resize(begin);
        text_ += syntax;
    }
    void number(std::uint64_t value) { text_ += std::to_string(value); }
    /// A quoted string, or a literal for CR and LF and long texts. NUL and 8-bit octets are left
    /// out.
    void string(std::string_view ascii);
    /// NIL when there is no text or no budget is left.
    void nstring(std::string_view ascii);
    /// Header text as it stands in the message: unfolded, ASCII as it is, 8-bit text as encoded
    /// words. NIL when the field is missing (no data pointer), "" when it is empty.
    void header_text(std::string_view raw_value);
    /// As header_text, for text already unfolded.
    void unfolded_text(std::string_view text);

    [[nodiscard]] std::string_view view() const noexcept { return text_; }
    [[nodiscard]] bool has_budget() const noexcept { return text_.size() < budget_octets_; }
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    std::string text_;
    std::size_t budget_octets_;
};

}  // namespace hauspost::imap
