#include "protocols/http/accept_encoding.hpp"

#include "base/ascii.hpp"
#include "protocols/http/field_list.hpp"

namespace hauspost::http {
namespace {

constexpr unsigned full_weight = 1000;

///     weight = OWS ";" OWS "q=" qvalue
///     qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
/// In thousandths.
std::optional<unsigned> read_weight(std::string_view text) noexcept {
    if (!ascii::starts_with_nocase(text, "q=")) return std::nullopt;
    text.remove_prefix(2);
    if (text.empty() || (text[0] != '0' && text[0] != '1')) return std::nullopt;
    unsigned found = text[0] == '1' ? full_weight : 0;
    text.remove_prefix(1);
    if (text.empty()) return found;
    if (text[0] != '.' || text.size() > 4) return std::nullopt;
    unsigned place = full_weight / 10;
    for (const char c : text.substr(1)) {
        if (!ascii::is_digit(c)) return std::nullopt;
        found += static_cast<unsigned>(c - '0') * place;
        place /= 10;
    }
    return found <= full_weight ? std::optional(found) : std::nullopt;
}

/// What a client says of each form; nullopt: nothing.
struct wishes {
    std::optional<unsigned> identity;
    std::optional<unsigned> gzip;
    std::optional<unsigned> br;
    std::optional<unsigned> others;

    void take(std::string_view name, unsigned weight) noexcept {
        if (name == "*") others = weight;
        if (ascii::equal_nocase(name, "identity")) identity = weight;
        if (ascii::equal_nocase(name, "br")) br = weight;
        // RFC 9110 8.4.1.3
        if (ascii::equal_nocase(name, "gzip") || ascii::equal_nocase(name, "x-gzip")) gzip = weight;
    }
};

wishes read_wishes(std::string_view accepted) noexcept {
    wishes found;
    std::string_view element;
    for (list_reader list(accepted); list.next(element);) {
        const auto semicolon = element.find(';');
        unsigned weight = full_weight;
        if (semicolon != std::string_view::npos) {
            const auto said = read_weight(ascii::trimmed(element.substr(semicolon + 1)));
            if (!said) continue;
            weight = *said;
        }
        found.take(ascii::trimmed(element.substr(0, semicolon)), weight);
    }
    return found;
}

}  // namespace

std::string_view name_of(coding what) noexcept {
    switch (what) {
    case coding::identity: return "";
    case coding::gzip: return "gzip";
    case coding::br: return "br";
    }
    return "";
}

std::optional<coding> choose_coding(std::optional<std::string_view> accepted, codings there) {
    if (!accepted) return coding::identity;
    const auto wanted = read_wishes(*accepted);
    const unsigned others = wanted.others.value_or(0);
    const unsigned br = there.br ? wanted.br.value_or(others) : 0;
    const unsigned gzip = there.gzip ? wanted.gzip.value_or(others) : 0;
    // Not named and not excluded, it is taken, but anything else that is named is liked better.
    const unsigned identity = wanted.identity.value_or(others);
    const bool takes_identity = identity > 0 || (!wanted.identity && !wanted.others);
    if (br > 0 && br >= gzip && br >= identity) return coding::br;
    if (gzip > 0 && gzip >= identity) return coding::gzip;
    if (takes_identity) return coding::identity;
    return std::nullopt;
}

}  // namespace hauspost::http
