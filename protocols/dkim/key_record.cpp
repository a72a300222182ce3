#include "protocols/dkim/key_record.hpp"

#include "base/base64.hpp"
#include "protocols/dkim/limits.hpp"
#include "protocols/dkim/tag_list.hpp"

#include <algorithm>

namespace hauspost::dkim {
namespace {

constexpr std::size_t max_string_octets = 255;  // RFC 1035 3.3

/// The value of a list with colons names one of these. Absent: all is allowed.
bool names_any(const tag_list& tags,
               std::string_view name,
               std::initializer_list<std::string_view> words) {
    const auto value = tags.find(name);
    if (!value) return true;
    const auto parts = split_at_colons(*value, limits::max_key_record_octets);
    return parts && std::any_of(parts->begin(), parts->end(), [&](std::string_view part) {
               return std::find(words.begin(), words.end(), part) != words.end();
           });
}

bool has_flag(const tag_list& tags, std::string_view flag) {
    return tags.find("t").has_value() && names_any(tags, "t", {flag});
}

}  // namespace

boost::system::result<key_record, key_record_fault> parse_key_record(std::string_view text) {
    if (text.size() > limits::max_key_record_octets) return key_record_fault::too_long;
    const auto tags = tag_list::parse(text);
    if (!tags) return key_record_fault::bad_syntax;
    if (const auto version = tags->find("v"))
        if (*version != "DKIM1" || tags->all().front().name != "v")
            return key_record_fault::bad_version;
    key_record record;
    if (const auto type = tags->find("k")) {
        if (*type != "rsa" && *type != "ed25519") return key_record_fault::unknown_key_type;
        record.type = *type == "rsa" ? key_type::rsa : key_type::ed25519;
    }
    const auto key = tags->find("p");
    if (!key) return key_record_fault::no_key;
    auto octets = decode_base64(*key);
    if (!octets) return key_record_fault::bad_base64;
    record.public_octets = std::move(*octets);
    record.allows_sha256 = names_any(*tags, "h", {"sha256"});
    record.allows_email = names_any(*tags, "s", {"email", "*"});
    record.is_testing = has_flag(*tags, "y");
    record.is_for_domain = has_flag(*tags, "s");
    return record;
}

std::string write_key_record(key_type type, std::string_view public_octets) {
    std::string text = "v=DKIM1; k=";
    text += type == key_type::rsa ? "rsa" : "ed25519";
    return text + "; p=" + base64::encode(public_octets);
}

std::vector<std::string> txt_strings(std::string_view text) {
    std::vector<std::string> strings;
    do {
        const auto piece = text.substr(0, max_string_octets);
        strings.emplace_back(piece);
        text.remove_prefix(piece.size());
    } while (!text.empty());
    return strings;
}

std::string in_zone_file(std::string_view text) {
    std::string out;
    for (const auto& piece : txt_strings(text)) {
        if (!out.empty()) out += ' ';
        out += '"';
        for (const char c : piece) {
            if (c == '"' || c == '\\') out += '\\';
            out += c;
        }
        out += '"';
    }
    return out;
}

}  // namespace hauspost::dkim
