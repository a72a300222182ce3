#include "protocols/dkim/sign.hpp"

#include "base/address.hpp"
#include "base/base64.hpp"
#include "protocols/dkim/field_choice.hpp"

#include <algorithm>

namespace hauspost::dkim {
namespace {

constexpr std::size_t max_line_octets = 78;  // RFC 5322 2.1.1

/// A field that is folded where its words end.
class folded_field {
public:
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

/// All tags up to "b=".
folded_field unsigned_field(const signer& who,
                            const std::vector<std::string>& names,
                            std::string_view body_hash,
                            const signing_terms& terms) {
    folded_field field("DKIM-Signature:");
    field.add_word("v=1;");
    field.add_word(who.key->type() == key_type::rsa ? "a=rsa-sha256;" : "a=ed25519-sha256;");
    field.add_word("c=relaxed/relaxed;");
    field.add_word("d=" + who.domain + ';');
    field.add_word("s=" + who.selector + ';');
    field.add_word("t=" + std::to_string(terms.signed_at) + ';');
    if (terms.valid_for)
        field.add_word(
            "x=" + std::to_string(terms.signed_at + std::max<std::int64_t>(*terms.valid_for, 1)) +
            ';');
    for (std::size_t i = 0; i < names.size(); ++i)
        field.add_word((i == 0 ? "h=" : "") + names[i] + (i + 1 < names.size() ? ":" : ";"));
    field.add_word("bh=" + base64::encode(body_hash) + ';');
    field.add_word("b=");
    return field;
}

}  // namespace

boost::system::result<std::string, signing_fault> sign(const message_digest& message,
                                                       std::span<const signer> signers,
                                                       const signing_terms& terms) {
    if (const auto fault = message.fault()) return *fault;
    const auto header = field_index::of(message.header());
    if (!header) return signing_fault::bad_header;
    if (header->count("From") == 0) return signing_fault::no_from;
    const auto names = choose_fields(*header);
    if (!names) return signing_fault::too_many_fields;
    std::string made;
    for (auto who : signers) {
        auto domain = address::to_a_labels(who.domain);
        if (!domain) return signing_fault::bad_domain;
        auto selector = address::to_a_labels(who.selector);
        if (!selector) return signing_fault::bad_selector;
        who.domain = std::move(*domain);
        who.selector = std::move(*selector);
        auto field = unsigned_field(who, *names, message.body_hash(), terms);
        const auto hash = sha256_of(header->signed_octets(*names, field.text()));
        field.add_base64(base64::encode(who.key->sign(hash)));
        made += field.text() + "\r\n";
    }
    return made;
}

}  // namespace hauspost::dkim
