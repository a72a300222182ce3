#pragma once

#include "base/function_ref.hpp"
#include "protocols/message/content_type.hpp"
#include "protocols/message/summary.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::jmap {

/// Gives octets of a message, fewer where it ends before.
using octet_reader = function_ref<std::string(std::uint64_t offset, std::uint64_t octets)>;

/// One part of a message as JMAP sees it: what is in a message/rfc822 part is a message of its own.
/// RFC  8621 4.1.4
struct body_part {
    message::part where;
    std::string id;      // "1.2"; "" of a multipart
    std::string header;  // octets of its MIME header
    message::content_type type;
    message::content_type disposition;  // type "" when it has none
    std::string name;                   // "" when it has none
    std::vector<std::size_t> parts;     // of a multipart: places in the tree

    [[nodiscard]] bool is_multipart() const noexcept {
        return where.type == message::part::kind::multipart;
    }
};

/// In pre-order; never empty unless the summary's parts are.
using body_tree = std::vector<body_part>;

/// prefix  header lines of this copy that come before the octets: part of the root's header
/// read    of the blob
[[nodiscard]] body_tree make_body_tree(const std::vector<message::part>& parts,
                                       std::string_view prefix,
                                       octet_reader read);

/// Which parts a reader shows, and which it offers as files. RFC 8621 4.1.4
struct body_lists {
    std::vector<std::size_t> text, html, attachments;
};
[[nodiscard]] body_lists make_body_lists(const body_tree& tree);

/// A file that a person would want to take out: any attachment but pictures that stand in the text.
[[nodiscard]] bool has_attachment(const body_tree& tree, const body_lists& lists);

/// Octets of a part without its transfer encoding, as the client would get them. Of long base64
/// counted by its lines, without decoding.
[[nodiscard]] std::uint64_t decoded_size(const message::part& where, octet_reader read);

/// Its octets without the transfer encoding.
[[nodiscard]] std::string decoded_part(const message::part& where, octet_reader read);

struct body_value {
    std::string text;  // UTF-8, lines end with LF
    bool has_problem = false;
    bool is_truncated = false;
};
/// most  octets of the text
[[nodiscard]] body_value read_body_value(const message::part& where,
                                         std::size_t most,
                                         octet_reader read);

}  // namespace hauspost::jmap
