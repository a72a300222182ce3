#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::dkim {

/// One tag of a list; views of the text that it was read from.
struct tag {
    std::string_view name;
    std::string_view value;  // without white space around it; may be folded inside
};

/// A list of tags with names that are all different.
///
///   tag-list  = tag-spec *( ";" tag-spec ) [ ";" ]
///   tag-spec  = [FWS] tag-name [FWS] "=" [FWS] tag-value [FWS]
///   tag-name  = ALPHA *ALNUMPUNC        ; letters, digits, "_"
///   tag-value = [ tval *( 1*(WSP / FWS) tval ) ]    ; %x21-3A / %x3C-7E, and UTF-8 (RFC 8616 4)
///
/// Lifetime  of the text. RFC 6376 3.2
class tag_list {
public:
    /// Returns  nullopt when the text is not such a list, names a tag twice (then all of it is
    ///          invalid), or has more than limits::max_tags
    [[nodiscard]] static std::optional<tag_list> parse(std::string_view text);

    /// nullopt: there is none of that name. Names differ by case.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;
    [[nodiscard]] const std::vector<tag>& all() const noexcept { return tags_; }

private:
    std::vector<tag> tags_;
};

/// Octets of a base64string: white space, also folded, is skipped; everything else as strict as
/// base64::decode. RFC 6376 2.10
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view value);

/// The parts of a value between colons, without white space around them; views of it. At most
/// max_parts, else nullopt.
[[nodiscard]] std::optional<std::vector<std::string_view>> split_at_colons(std::string_view value,
                                                                           std::size_t max_parts);

}  // namespace hauspost::dkim
