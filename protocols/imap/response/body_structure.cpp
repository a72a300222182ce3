#include "protocols/imap/response/body_structure.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/imap/response/envelope.hpp"
#include "protocols/message/header.hpp"

#include <algorithm>

namespace hauspost::imap {
namespace {

bool is_plain_value(std::string_view utf8) {
    return std::all_of(utf8.begin(), utf8.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

/// RFC 2231 4 ext-octet: all but RFC 5987 attr-char is percent-encoded.
std::string extended_value(std::string_view utf8) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out = "utf-8''";
    for (const char c : utf8) {
        const auto octet = static_cast<unsigned char>(c);
        if (ascii::is_alnum(c) || c == '-' || c == '.' || c == '_')
            out.push_back(c);
        else
            out += {'%', digits[octet >> 4], digits[octet & 0x0f]};
    }
    return out;
}

/// Writes a tree in pre-order; what comes after the children of a part waits on a stack.
class structure_writer {
public:
    structure_writer(std::string_view octets, const std::vector<message::mime_node>& tree)
        : octets_(octets), tree_(tree), out_(max_body_structure_octets) {}

    std::string run() {
        for (const auto& node : tree_) {
            close_down_to(node.span.depth);
            begin(node);
            if (node.span.type != message::part::kind::leaf) open_.push_back(&node);
        }
        close_down_to(0);
        return out_.take();
    }

private:
    void close_down_to(std::uint16_t depth) {
        while (!open_.empty() && open_.back()->span.depth >= depth) {
            end(*open_.back());
            open_.pop_back();
        }
    }

    void begin(const message::mime_node& node) {
        out_.raw("(");
        if (node.span.type == message::part::kind::multipart) return;
        basic_fields(node);
        if (node.span.type == message::part::kind::message) return envelope_of_inner(node);
        if (node.type.type == "text") {
            out_.raw(" ");
            out_.number(node.span.lines);
        }
        extension(node, true);
    }

    void end(const message::mime_node& node) {
        out_.raw(" ");
        if (node.span.type == message::part::kind::multipart) {
            out_.string(node.type.subtype);
            out_.raw(" ");
            parameters(node.type);
            extension(node, false);
        } else {
            out_.number(node.span.lines);
            extension(node, true);
        }
    }

    /// media-type SP media-subtype SP params SP id SP description SP encoding SP octets
    void basic_fields(const message::mime_node& node) {
        out_.string(node.type.type);
        out_.raw(" ");
        out_.string(node.type.subtype);
        out_.raw(" ");
        if (node.type.type == "text" && node.type.find("charset").empty())
            text_parameters(node.type);
        else
            parameters(node.type);
        out_.raw(" ");
        plain_field(node.id);
        out_.raw(" ");
        out_.header_text(node.description);
        out_.raw(" ");
        out_.string(node.span.encoding.empty() ? "7bit" : node.span.encoding);
        out_.raw(" ");
        out_.number(node.span.end - node.span.body);
    }

    /// The child's header stands between the message part's body and the child's.
    void envelope_of_inner(const message::mime_node& node) {
        const auto& inner = (&node + 1)->span;
        const auto header = octets_.substr(inner.header, inner.body - inner.header);
        out_.raw(" ");
        write_envelope(message::find_envelope_fields(header), out_);
        out_.raw(" ");
    }

    /// [SP md5] SP disposition SP language SP location ")"
    void extension(const message::mime_node& node, bool with_md5) {
        out_.raw(" ");
        if (with_md5) {
            plain_field(node.md5);
            out_.raw(" ");
        }
        disposition(node.disposition);
        out_.raw(" ");
        language(node.language);
        out_.raw(" ");
        location(node.location);
        out_.raw(")");
    }

    /// A structured field without its comments.
    void plain_field(std::string_view value) {
        if (value.find('(') == std::string_view::npos) return out_.header_text(value);
        out_.unfolded_text(message::without_comments(value));
    }

    /// RFC 2557 4.2: a URI may have parentheses, a comment stands apart from it.
    void location(std::string_view value) {
        if (const auto uri = message::behind_comments(value); !uri.empty())
            value = uri.substr(0, std::min(uri.find(" ("), uri.size()));
        out_.header_text(value);
    }

    /// RFC 2045 5.2: text that names no charset is us-ascii; many clients rely on hearing so.
    void text_parameters(message::content_type type) {
        std::erase_if(type.parameters, [](const auto& one) { return one.name == "charset"; });
        type.parameters.push_back({"charset", "us-ascii"});
        parameters(type);
    }

    void parameters(const message::content_type& type) {
        if (type.parameters.empty() || !out_.has_budget()) return out_.raw("NIL");
        char before = '(';
        for (const auto& parameter : type.parameters) {
            out_.raw({&before, 1});
            before = ' ';
            if (is_plain_value(parameter.value)) {
                out_.string(parameter.name);
                out_.raw(" ");
                out_.string(parameter.value);
            } else {
                out_.string(parameter.name + '*');
                out_.raw(" ");
                out_.string(extended_value(parameter.value));
            }
        }
        out_.raw(")");
    }

    void disposition(std::string_view value) {
        if (value.empty() || !out_.has_budget()) return out_.raw("NIL");
        const auto parsed = message::parse_content_disposition(value);
        if (parsed.type.empty()) return out_.raw("NIL");
        out_.raw("(");
        out_.string(parsed.type);
        out_.raw(" ");
        parameters(parsed);
        out_.raw(")");
    }

    /// RFC 3282: a list of tags. One is written as a string, more as a list.
    void language(std::string_view value) {
        constexpr std::size_t max_tags = 32;
        std::vector<std::string> tags;
        const auto plain = message::without_comments(value);
        for (auto rest = std::string_view(plain); !rest.empty() && tags.size() < max_tags;) {
            const auto tag = rest.substr(0, rest.find(','));
            rest.remove_prefix(std::min(tag.size() + 1, rest.size()));
            auto text = ascii::lowered(ascii::trimmed(tag));
            std::erase_if(text, [](char c) { return !ascii::is_alnum(c) && c != '-'; });
            if (!text.empty()) tags.push_back(std::move(text));
        }
        if (tags.empty() || !out_.has_budget()) return out_.raw("NIL");
        if (tags.size() == 1) return out_.string(tags.front());
        char before = '(';
        for (const auto& tag : tags) {
            out_.raw({&before, 1});
            before = ' ';
            out_.string(tag);
        }
        out_.raw(")");
    }

    std::string_view octets_;
    const std::vector<message::mime_node>& tree_;
    text_writer out_;
    std::vector<const message::mime_node*> open_;
};

}  // namespace

std::string write_body_structure(std::string_view octets,
                                 const std::vector<message::mime_node>& tree) {
    return structure_writer(octets, tree).run();
}

}  // namespace hauspost::imap
