#include "protocols/mta_sts/record.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace hauspost::mta_sts {
namespace {

constexpr std::string_view beginning = "v=STSv1;";
constexpr std::string_view id_field = "id=";

std::string_view trimmed(std::string_view text) {
    const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= max_id_octets &&
           std::all_of(text.begin(), text.end(), ascii::is_alnum);
}

/// The first one counts; fields of other names are for those who know them.
std::optional<std::string> id_of(std::string_view record) {
    record.remove_prefix(beginning.size());
    while (!record.empty()) {
        const auto field = record.substr(0, record.find(';'));
        record.remove_prefix(std::min(record.size(), field.size() + 1));
        const auto text = trimmed(field);
        if (!text.starts_with(id_field)) continue;
        const auto id = text.substr(id_field.size());
        if (!is_id(id)) return std::nullopt;
        return std::string(id);
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> find_id(const std::vector<std::string>& texts) {
    const auto is_ours = [](const std::string& text) { return text.starts_with(beginning); };
    const auto found = std::find_if(texts.begin(), texts.end(), is_ours);
    if (found == texts.end() || std::any_of(found + 1, texts.end(), is_ours)) return std::nullopt;
    return id_of(*found);
}

}  // namespace hauspost::mta_sts
