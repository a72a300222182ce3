#include "protocols/mta_sts/policy.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace hauspost::mta_sts {
namespace {

constexpr std::size_t max_host_octets = 253;  // RFC 1035 2.3.4
constexpr std::size_t max_label_octets = 63;
constexpr std::size_t max_age_digits = 10;

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= max_label_octets &&
           std::all_of(label.begin(), label.end(),
                       [](char c) { return ascii::is_alnum(c) || c == '-' || c == '_'; });
}

bool is_host(std::string_view name) {
    if (name.empty() || name.size() > max_host_octets) return false;
    for (;;) {
        const auto dot = name.find('.');
        if (!is_label(name.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        name.remove_prefix(dot + 1);
    }
}

bool is_pattern(std::string_view text) {
    return is_host(text.starts_with("*.") ? text.substr(2) : text);
}

std::optional<policy_mode> mode_of(std::string_view word) {
    if (word == "enforce") return policy_mode::enforce;
    if (word == "testing") return policy_mode::testing;
    if (word == "none") return policy_mode::none;
    return std::nullopt;
}

std::string_view word_of(policy_mode mode) {
    switch (mode) {
    case policy_mode::enforce: return "enforce";
    case policy_mode::testing: return "testing";
    case policy_mode::none: break;
    }
    return "none";
}

std::optional<std::chrono::seconds> age_of(std::string_view digits) {
    if (digits.empty() || digits.size() > max_age_digits ||
        !std::all_of(digits.begin(), digits.end(), ascii::is_digit))
        return std::nullopt;
    std::int64_t seconds = 0;
    for (const char c : digits)
        seconds = seconds * 10 + (c - '0');
    return std::min(std::chrono::seconds(seconds), longest_age);
}

/// Takes what is told line by line.
class policy_reader {
public:
    /// False: this is no policy.
    bool take(std::string_view line) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (ascii::trimmed(line).empty()) return true;
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) return false;
        return take(line.substr(0, colon), ascii::trimmed(line.substr(colon + 1)));
    }
    std::optional<policy> result() {
        if (!has_version_ || !mode_ || !age_) return std::nullopt;
        made_.mode = *mode_;
        made_.max_age = *age_;
        if (made_.mx.empty() && made_.mode != policy_mode::none) return std::nullopt;
        return std::move(made_);
    }

private:
    bool take(std::string_view key, std::string_view value) {
        if (key == "version") return has_version_ || (has_version_ = value == "STSv1");
        if (key == "mode") return mode_ || (mode_ = mode_of(value));
        if (key == "max_age") return age_ || (age_ = age_of(value));
        if (key != "mx") return true;
        if (!is_pattern(value) || made_.mx.size() == max_patterns) return false;
        made_.mx.push_back(ascii::lowered(value));
        return true;
    }

    policy made_;
    bool has_version_ = false;
    std::optional<policy_mode> mode_;
    std::optional<std::chrono::seconds> age_;
};

}  // namespace

std::optional<policy> parse_policy(std::string_view text) {
    if (text.size() > max_policy_octets) return std::nullopt;
    policy_reader reader;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (!reader.take(line)) return std::nullopt;
    }
    return reader.result();
}

std::vector<std::string> to_lines(const policy& from) {
    std::vector<std::string> lines{"version: STSv1", "mode: " + std::string(word_of(from.mode))};
    for (const auto& pattern : from.mx)
        lines.push_back("mx: " + pattern);
    lines.push_back("max_age: " + std::to_string(from.max_age.count()));
    return lines;
}

bool matches(const policy& with, std::string_view host) {
    const auto name = ascii::lowered(host);
    const auto dot = name.find('.');
    const auto fits = [&](const std::string& pattern) {
        if (!pattern.starts_with("*.")) return pattern == name;
        // RFC 6125 6.4.3: the left-most label, and no other.
        return dot != std::string::npos && dot > 0 &&
               std::string_view(name).substr(dot) == std::string_view(pattern).substr(1);
    };
    return std::any_of(with.mx.begin(), with.mx.end(), fits);
}

}  // namespace hauspost::mta_sts
