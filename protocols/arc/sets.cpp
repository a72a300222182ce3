#include "protocols/arc/sets.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"
#include "protocols/dkim/limits.hpp"
#include "protocols/dkim/tag_list.hpp"
#include "protocols/message/header.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace hauspost::arc {
namespace {

constexpr std::size_t sha256_octets = 32;
constexpr std::size_t ed25519_octets = 64;  // RFC 8032 5.1.6

/// i=, 1 to max_sets. nullopt: something else.
std::optional<unsigned> instance_of(std::string_view text) {
    unsigned number = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end || number == 0 || number > max_sets)
        return std::nullopt;
    return number;
}

/// The first tag of ARC-Authentication-Results; what follows is no tag list. RFC 8617 4.1.1
std::optional<unsigned> instance_of_results(std::string_view value) {
    const auto first = ascii::trimmed(value.substr(0, value.find(';')));
    const auto equals = first.find('=');
    if (equals == std::string_view::npos || ascii::trimmed(first.substr(0, equals)) != "i")
        return std::nullopt;
    return instance_of(ascii::trimmed(first.substr(equals + 1)));
}

/// a=, b=, d=, s=, which both kinds have.
bool read_signed(const dkim::tag_list& tags, signed_field& out) {
    for (const auto* name : {"a", "b", "d", "s"})
        if (!tags.find(name)) return false;
    const auto method = *tags.find("a");
    if (method != "rsa-sha256" && method != "ed25519-sha256") return false;
    const bool is_rsa = method == "rsa-sha256";
    out.method = is_rsa ? dkim::algorithm::rsa_sha256 : dkim::algorithm::ed25519_sha256;
    auto domain = address::to_a_labels(*tags.find("d"));
    auto selector = address::to_a_labels(*tags.find("s"));
    auto octets = dkim::decode_base64(*tags.find("b"));
    if (!domain || !selector || !octets || octets->empty()) return false;
    if (is_rsa ? octets->size() > dkim::limits::max_rsa_bits / 8 : octets->size() != ed25519_octets)
        return false;
    out.domain = std::move(*domain);
    out.selector = std::move(*selector);
    out.octets = std::move(*octets);
    return true;
}

bool read_one_form(std::string_view value, dkim::canonicalization& form) {
    if (value != "simple" && value != "relaxed") return false;
    form = value == "simple" ? dkim::canonicalization::simple : dkim::canonicalization::relaxed;
    return true;
}

bool read_both_forms(const dkim::tag_list& tags, message_signature& out) {
    const auto value = tags.find("c");
    if (!value) return true;
    const auto slash = value->find('/');
    return read_one_form(value->substr(0, slash), out.header_form) &&
           (slash == std::string_view::npos ||
            read_one_form(value->substr(slash + 1), out.body_form));
}

/// A seal among the fields that a message signature covers would hold itself. RFC 8617 4.1.2
bool may_be_covered(std::string_view name) {
    return !name.empty() && !ascii::equal_nocase(name, "ARC-Seal");
}

bool read_message_signature(const dkim::tag_list& tags, message_signature& out) {
    const auto names = tags.find("h");
    const auto hash = tags.find("bh");
    if (!names || !hash || !read_signed(tags, out) || !read_both_forms(tags, out)) return false;
    const auto split = dkim::split_at_colons(*names, dkim::limits::max_signed_names);
    if (!split || !std::ranges::all_of(*split, may_be_covered)) return false;
    const bool has_from = std::ranges::any_of(
        *split, [](std::string_view name) { return ascii::equal_nocase(name, "From"); });
    auto octets = dkim::decode_base64(*hash);
    if (!has_from || !octets || octets->size() != sha256_octets) return false;
    out.names.assign(split->begin(), split->end());
    out.body_hash = std::move(*octets);
    return true;
}

bool read_seal(const dkim::tag_list& tags, seal& out) {
    const auto before = tags.find("cv");
    // RFC 8617 4.1.3: it covers what it covers, and nothing else.
    if (!before || tags.find("h") || tags.find("bh") || !read_signed(tags, out)) return false;
    if (*before != "none" && *before != "pass" && *before != "fail") return false;
    out.before = *before == "none"   ? chain_word::none
                 : *before == "pass" ? chain_word::pass
                                     : chain_word::fail;
    return true;
}

struct gathered {
    std::string results;
    std::optional<message_signature> message;
    std::optional<seal> sealed;
};

/// Sets by instance, as far as their fields can be read.
class set_gatherer {
public:
    void take(const message::header_field& field) {
        if (ascii::equal_nocase(field.name, "ARC-Authentication-Results"))
            take_results(field);
        else if (ascii::equal_nocase(field.name, "ARC-Message-Signature"))
            take_message_signature(field);
        else if (ascii::equal_nocase(field.name, "ARC-Seal"))
            take_seal(field);
    }
    chain finish() {
        chain made;
        if (!has_any_) return made;
        made.is = chain::form::broken;
        if (is_broken_) return made;
        for (std::size_t n = 0; n < all_.size(); ++n) {
            auto& one = all_[n];
            if (one.results.empty() || !one.message || !one.sealed) return made;
            // RFC 8617 5.2 (3C): nothing was before the first, and something before all others.
            if (one.sealed->before != (n == 0 ? chain_word::none : chain_word::pass)) return made;
        }
        made.is = chain::form::unknown;
        if (has_length_ || all_.size() > max_followed) return made;
        for (auto& one : all_)
            made.sets.push_back(
                {std::move(one.results), std::move(*one.message), std::move(*one.sealed)});
        made.is = chain::form::whole;
        return made;
    }

private:
    gathered* at(std::optional<unsigned> instance) {
        has_any_ = true;
        if (!instance) {
            is_broken_ = true;
            return nullptr;
        }
        if (all_.size() < *instance) all_.resize(*instance);
        return &all_[*instance - 1];
    }
    void take_results(const message::header_field& field) {
        auto* one = at(instance_of_results(field.value));
        if (one == nullptr) return;
        if (!one->results.empty()) is_broken_ = true;
        one->results = field.raw;
    }
    void take_message_signature(const message::header_field& field) {
        const auto tags = read_tags(field.value);
        auto* one = at(tags ? instance_in(*tags) : std::nullopt);
        if (one == nullptr) return;
        message_signature made;
        made.field = field.raw;
        if (one->message || !read_message_signature(*tags, made)) is_broken_ = true;
        if (tags->find("l")) has_length_ = true;
        one->message = std::move(made);
    }
    void take_seal(const message::header_field& field) {
        const auto tags = read_tags(field.value);
        auto* one = at(tags ? instance_in(*tags) : std::nullopt);
        if (one == nullptr) return;
        seal made;
        made.field = field.raw;
        if (one->sealed || !read_seal(*tags, made)) is_broken_ = true;
        one->sealed = std::move(made);
    }
    static std::optional<dkim::tag_list> read_tags(std::string_view value) {
        if (value.size() > dkim::limits::max_signature_field_octets) return std::nullopt;
        return dkim::tag_list::parse(value);
    }
    static std::optional<unsigned> instance_in(const dkim::tag_list& tags) {
        const auto value = tags.find("i");
        return value ? instance_of(*value) : std::nullopt;
    }

    std::vector<gathered> all_;
    bool has_any_ = false;
    bool is_broken_ = false;
    bool has_length_ = false;  // l=, of which nobody has need
};

}  // namespace

std::string signed_field::key_question() const {
    return selector + "._domainkey." + domain;
}

chain read_chain(std::string_view header) {
    set_gatherer all;
    for (message::header_reader reader(header); reader.next();)
        all.take(reader.field());
    return all.finish();
}

}  // namespace hauspost::arc
