#include "protocols/arc/verify.hpp"

#include "protocols/dkim/key.hpp"
#include "protocols/dkim/key_record.hpp"
#include "protocols/dkim/relaxed_header.hpp"

#include <algorithm>

namespace hauspost::arc {
namespace {

/// Of one key record.
bool verifies_with(const signed_field& one, std::string_view record, std::string_view hash) {
    const auto read = dkim::parse_key_record(record);
    const auto wanted = one.method == dkim::algorithm::ed25519_sha256 ? dkim::key_type::ed25519
                                                                      : dkim::key_type::rsa;
    if (!read || read->type != wanted || read->is_revoked() || !read->allows_sha256 ||
        !read->allows_email)
        return false;
    const auto key = dkim::public_key::from_octets(read->type, read->public_octets);
    return key && key->verifies(hash, one.octets);
}

validation check_field(const signed_field& one,
                       const key_answers& keys,
                       std::string_view signed_octets) {
    const auto found = keys.find(one.key_question());
    if (found == keys.end() || found->second.is == dkim::key_answer::kind::failed)
        return validation::unknown;
    const auto hash = dkim::sha256_of(signed_octets);
    const auto& texts = found->second.texts;
    const auto most = std::min(texts.size(), dkim::limits::max_key_records);
    for (std::size_t n = 0; n < most; ++n)
        if (verifies_with(one, texts[n], hash)) return validation::pass;
    return validation::fail;
}

void append_line(std::string& out, std::string_view field) {
    dkim::append_relaxed_field(out, field);
    out += "\r\n";
}

}  // namespace

std::string sealed_before(const std::vector<set>& sets, std::size_t count) {
    std::string out;
    for (std::size_t n = 0; n < count; ++n) {
        append_line(out, sets[n].results);
        append_line(out, sets[n].message.field);
        append_line(out, sets[n].sealed.field);
    }
    return out;
}

std::string sealed_octets(std::string_view before,
                          std::string_view results,
                          std::string_view message_signature,
                          std::string_view own_seal) {
    std::string out(before);
    append_line(out, results);
    append_line(out, message_signature);
    dkim::append_relaxed_field(out, own_seal);
    return out;
}

void verifier::feed(std::string_view octets) {
    header_.take(octets);
    if (!header_.is_over()) return;
    if (!is_header_known_) {
        is_header_known_ = true;
        chain_ = read_chain(header_.text());
        is_simple_ = !chain_.sets.empty() &&
                     chain_.sets.back().message.body_form == dkim::canonicalization::simple;
    }
    if (octets.empty() || chain_.sets.empty()) return;
    const auto take = [this](std::string_view piece) { hash_.feed(piece); };
    if (is_simple_)
        simple_.feed(octets, take);
    else
        relaxed_.feed(octets, take);
}

void verifier::finish() {
    header_.finish();
    feed({});
    const auto take = [this](std::string_view piece) { hash_.feed(piece); };
    if (is_simple_)
        simple_.finish(take);
    else
        relaxed_.finish(take);
    body_hash_ = hash_.finish();
}

std::vector<std::string> verifier::key_questions() const {
    std::vector<std::string> names;
    if (chain_.is != chain::form::whole || chain_.sets.back().message.body_hash != body_hash_)
        return names;
    names.push_back(chain_.sets.back().message.key_question());
    for (const auto& one : chain_.sets)
        names.push_back(one.sealed.key_question());
    std::ranges::sort(names);
    names.erase(std::ranges::unique(names).begin(), names.end());
    return names;
}

validation verifier::check(const key_answers& keys) const {
    switch (chain_.is) {
    case chain::form::none: return header_.is_too_long() ? validation::unknown : validation::none;
    case chain::form::broken: return validation::fail;
    case chain::form::unknown: return validation::unknown;
    case chain::form::whole: break;
    }
    const auto of_message = check_message(keys);
    return of_message == validation::pass ? check_seals(keys) : of_message;
}

/// The last one's alone: those of others may have been broken on the way, which the seals admit.
validation verifier::check_message(const key_answers& keys) const {
    const auto& last = chain_.sets.back().message;
    if (last.body_hash != body_hash_) return validation::fail;
    const auto index = dkim::field_index::of(header_.text());
    if (!index) return validation::fail;
    const auto octets =
        index->signed_octets(last.names, dkim::without_signature(last.field), last.header_form);
    return check_field(last, keys, octets);
}

validation verifier::check_seals(const key_answers& keys) const {
    for (std::size_t n = chain_.sets.size(); n-- > 0;) {
        const auto& one = chain_.sets[n];
        const auto octets =
            sealed_octets(sealed_before(chain_.sets, n), one.results, one.message.field,
                          dkim::without_signature(one.sealed.field));
        const auto found = check_field(one.sealed, keys, octets);
        if (found != validation::pass) return found;
    }
    return validation::pass;
}

}  // namespace hauspost::arc
