#include "protocols/message/mime_part.hpp"

#include "base/ascii.hpp"
#include "protocols/message/header.hpp"
#include "protocols/message/part_text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace hauspost::message {
namespace {

void become_opaque(mime_node& node, std::string_view type, std::string_view subtype) {
    node.type = {std::string(type), std::string(subtype), {}};
}

/// The token of Content-Transfer-Encoding, lower case.
std::string encoding_token(std::string_view value) {
    constexpr std::size_t max_token_octets = 64;
    value = behind_comments(value);
    if (value.starts_with('"')) value.remove_prefix(1);
    return ascii::lowered(
        value.substr(0, std::min(value.find_first_of(" \t\r\n;(\""), max_token_octets)));
}

struct content_values {
    std::string_view type, encoding;
};

/// Reads the header of a part; the first field of each name counts.
content_values read_content_fields(std::string_view header, mime_node& node) {
    struct named {
        std::string_view name;
        std::string_view* value;
    };
    content_values values;
    const std::array<named, 8> wanted = {{{"Type", &values.type},
                                          {"Transfer-Encoding", &values.encoding},
                                          {"ID", &node.id},
                                          {"Description", &node.description},
                                          {"Disposition", &node.disposition},
                                          {"Language", &node.language},
                                          {"Location", &node.location},
                                          {"MD5", &node.md5}}};
    constexpr std::string_view prefix = "Content-";
    for (header_reader reader(header); reader.next();) {
        const auto& field = reader.field();
        if (!ascii::starts_with_nocase(field.name, prefix)) continue;
        const auto name = field.name.substr(prefix.size());
        for (const auto& entry : wanted)
            if (entry.value->data() == nullptr && ascii::equal_nocase(name, entry.name))
                *entry.value = field.value;
    }
    return values;
}

/// Goes through the message once, line by line. `open_` is the way from the whole message to the
/// part that the line is in; `boundaries_` are those of the open multiparts.
class tree_builder {
public:
    explicit tree_builder(std::string_view octets) : octets_(octets) {}

    std::vector<mime_node> run() {
        begin_part(0, 1);
        while (at_ < octets_.size()) {
            const auto newline = octets_.find('\n', at_);
            const auto next = newline == std::string_view::npos ? octets_.size() : newline + 1;
            take_line(octets_.substr(at_, next - at_), next);
            if (newline != std::string_view::npos) ++lines_;
            at_ = next;
            if (header_done_) end_header();
        }
        end_header_early();
        close_down_to(0, octets_.size(), lines_);
        settle_empty_multiparts();
        return std::move(nodes_);
    }

private:
    struct boundary {
        std::string text;
        std::size_t level;  // of its multipart in open_
        std::uint16_t children;
    };

    void take_line(std::string_view line, std::size_t next) {
        if (!boundaries_.empty() && line.starts_with("--") && take_delimiter(line, next)) return;
        if (in_header_ && (line == "\r\n" || line == "\n")) header_done_ = true;
    }

    /// RFC 2046 5.1.1: "--" boundary ["--"] and white space. Differs: a line that only begins so is
    /// no delimiter, because one boundary may be the beginning of another.
    bool take_delimiter(std::string_view line, std::size_t next) {
        line.remove_prefix(2);
        const auto last = line.find_last_not_of(" \t\r\n");
        line = line.substr(0, last == std::string_view::npos ? 0 : last + 1);
        if (line.size() > mime_limits::max_boundary_octets + 2) return false;
        for (auto i = boundaries_.size(); i-- > 0;) {
            const std::string_view text = boundaries_[i].text;
            if (!line.starts_with(text)) continue;
            const bool closing = line.size() == text.size() + 2 && line.ends_with("--");
            if (line.size() != text.size() && !closing) continue;
            if (nodes_.size() >= mime_limits::max_parts && !closing) return true;  // stays opaque
            finish_multipart_child(i, closing, next);
            return true;
        }
        return false;
    }

    void finish_multipart_child(std::size_t index, bool closing, std::size_t next) {
        end_header_early();
        // The line end before the delimiter belongs to the delimiter.
        auto end = at_;
        if (end > 0 && octets_[end - 1] == '\n') --end;
        if (end > 0 && end < at_ && octets_[end - 1] == '\r') --end;
        close_down_to(boundaries_[index].level + 1, end, lines_ - (end < at_ ? 1 : 0));
        boundaries_.erase(
            boundaries_.begin() + static_cast<std::ptrdiff_t>(index + (closing ? 0 : 1)),
            boundaries_.end());
        if (!closing) begin_part(next, ++boundaries_[index].children);
    }

    void begin_part(std::size_t header, std::uint16_t number) {
        mime_node node;
        node.span.depth = static_cast<std::uint16_t>(open_.size());
        node.span.number = number;
        node.span.header = header;
        open_.push_back({nodes_.size(), 0});
        nodes_.push_back(std::move(node));
        in_header_ = true;
        header_done_ = false;
    }

    /// All parts from `level` on end here.
    void close_down_to(std::size_t level, std::size_t end, std::uint32_t lines) {
        while (open_.size() > level) {
            auto& span = nodes_[open_.back().node].span;
            span.end = std::max<std::uint64_t>(span.body, end);
            const auto begin = open_.back().lines_before_body;
            span.lines = lines > begin ? lines - begin : 0;
            open_.pop_back();
        }
    }

    /// The part ends while its header is not over: it has no body.
    void end_header_early() {
        while (in_header_)
            end_header();
    }

    /// The body of the innermost part begins here; with a message part the header inside does too.
    void end_header() {
        in_header_ = header_done_ = false;
        const bool is_message = open_body(at_);
        if (is_message) begin_part(at_, 1);
    }

    /// Reads the header of the innermost part; returns whether that part is a message.
    bool open_body(std::size_t body) {
        auto& open = open_.back();
        auto& node = nodes_[open.node];
        node.span.body = body;
        open.lines_before_body = lines_;
        const auto values =
            read_content_fields(octets_.substr(node.span.header, body - node.span.header), node);
        const bool in_digest =
            node.span.depth > 0 && parent_of(open_.size() - 1).type.subtype == "digest";
        if (values.type.data() == nullptr && in_digest)
            become_opaque(node, "message", "rfc822");  // RFC 2046 5.1.5
        else
            node.type = parse_content_type(values.type);
        node.span.encoding = encoding_token(values.encoding);
        return decide_kind(node);
    }

    bool decide_kind(mime_node& node) {
        const bool multipart = node.type.type == "multipart";
        const bool message = node.type.type == "message" &&
                             (node.type.subtype == "rfc822" || node.type.subtype == "global");
        if (!multipart && !message) return false;
        const bool closed =
            node.span.depth >= mime_limits::max_depth || nodes_.size() >= mime_limits::max_parts;
        // RFC 2046 5.2.1 allows a message no encoding; RFC 6532 3.7 does, but nobody reads it.
        const bool wrapped =
            transfer_encoding_of(node.span.encoding) != transfer_encoding::identity;
        if (closed || (message && wrapped)) {
            become_opaque(node, "application", "octet-stream");
            return false;
        }
        if (message) {
            node.span.type = part::kind::message;
            return true;
        }
        node.span.type = part::kind::multipart;
        std::string_view text = node.type.find("boundary");
        while (text.ends_with(' '))
            text.remove_suffix(1);
        if (!text.empty() && text.size() <= mime_limits::max_boundary_octets)
            boundaries_.push_back({std::string(text), open_.size() - 1, 0});
        return false;
    }

    const mime_node& parent_of(std::size_t level) const { return nodes_[open_[level - 1].node]; }

    /// A multipart in which no part began is shown as text.
    void settle_empty_multiparts() {
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            auto& node = nodes_[i];
            const bool has_child =
                i + 1 < nodes_.size() && nodes_[i + 1].span.depth > node.span.depth;
            if (node.span.type == part::kind::multipart && !has_child) {
                node.span.type = part::kind::leaf;
                become_opaque(node, "text", "plain");
            }
            node.span.type_name = node.type.type + '/' + node.type.subtype;
            if (node.type.type == "text")
                node.span.charset = ascii::lowered(node.type.find("charset"));
        }
    }

    struct open_part {
        std::size_t node;
        std::uint32_t lines_before_body;
    };

    std::string_view octets_;
    std::vector<mime_node> nodes_;
    std::vector<open_part> open_;
    std::vector<boundary> boundaries_;
    std::size_t at_ = 0;       // first octet of the line
    std::uint32_t lines_ = 0;  // line ends before it
    bool in_header_ = false;
    bool header_done_ = false;  // the line was the empty one
};

bool is_child(const part& child, const part& parent) {
    return child.depth == parent.depth + 1;
}

const part* child_number(const std::vector<part>& parts, const part& parent, std::uint32_t number) {
    const auto* const end = parts.data() + parts.size();
    for (const auto* child = &parent + 1; child < end && child->depth > parent.depth; ++child)
        if (is_child(*child, parent) && child->number == number) return child;
    return nullptr;
}

}  // namespace

std::vector<mime_node> parse_mime_tree(std::string_view octets) {
    return tree_builder(octets).run();
}

const part* inner_message(const std::vector<part>& parts, const part& where) noexcept {
    return where.type == part::kind::message ? child_number(parts, where, 1) : nullptr;
}

const part* find_part(const std::vector<part>& parts,
                      std::span<const std::uint32_t> path) noexcept {
    if (parts.empty()) return nullptr;
    const part* where = &parts.front();
    bool is_whole_message = true;
    for (const auto number : path) {
        if (!is_whole_message && where->type == part::kind::message) {
            where = inner_message(parts, *where);
            is_whole_message = true;
            if (where == nullptr) return nullptr;
        }
        if (where->type == part::kind::multipart) {
            where = child_number(parts, *where, number);
        } else if (!is_whole_message || number != 1) {
            return nullptr;
        }
        if (where == nullptr) return nullptr;
        is_whole_message = false;
    }
    return where;
}

}  // namespace hauspost::message
