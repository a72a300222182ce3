#include "protocols/dkim/verify.hpp"

#include "base/ascii.hpp"
#include "protocols/dkim/key.hpp"
#include "protocols/dkim/key_record.hpp"
#include "protocols/dkim/relaxed_header.hpp"
#include "protocols/message/author.hpp"
#include "protocols/message/header.hpp"

#include <algorithm>

namespace hauspost::dkim {
namespace {

constexpr std::int64_t day = 24 * 60 * 60;

/// Of these a reader shows one: which one, he decides.
constexpr std::string_view shown_once[] = {"From", "Subject",  "Date",         "To",
                                           "Cc",   "Reply-To", "Content-Type", "MIME-Version"};

verification found(verdict is, std::string_view why) {
    verification made;
    made.is = is;
    made.why = why;
    return made;
}

/// A domain of the author's, as far as names tell: what DMARC may find aligned.
bool is_related(std::string_view domain, std::string_view author) {
    const auto is_below = [](std::string_view name, std::string_view of) {
        return name.size() > of.size() && name.ends_with(of) &&
               name[name.size() - of.size() - 1] == '.';
    };
    return domain == author || is_below(domain, author) || is_below(author, domain);
}

/// The lower, the sooner it is looked at.
int rank(const candidate& one, std::string_view author) {
    if (!one.signature) return 2;
    return !author.empty() && is_related(one.signature->domain, author) ? 0 : 1;
}

/// Of one key record; the last step.
verification check_with(const signature& one, std::string_view text, std::string_view hash) {
    const auto record = parse_key_record(text);
    if (!record) return found(verdict::permerror, "the key record cannot be read");
    verification made;
    made.is_testing = record->is_testing;
    const auto refused = [&made](verdict is, std::string_view why) {
        made.is = is;
        made.why = why;
        return made;
    };
    const auto wanted = one.method == algorithm::ed25519_sha256 ? key_type::ed25519 : key_type::rsa;
    if (record->type != wanted) return refused(verdict::permerror, "the key is of another kind");
    if (record->is_revoked()) return refused(verdict::permerror, "the key is revoked");
    if (!record->allows_sha256) return refused(verdict::permerror, "the key is for other hashes");
    if (!record->allows_email) return refused(verdict::permerror, "the key is not for mail");
    if (record->is_for_domain && one.identity_domain != one.domain)
        return refused(verdict::permerror, "the key is not for domains below");
    const auto key = public_key::from_octets(record->type, record->public_octets);
    if (!key && key.error() == key_fault::bad_size)
        return refused(verdict::policy, "the key is too short or too long");
    if (!key) return refused(verdict::permerror, "the key cannot be read");
    if (!key->verifies(hash, one.octets))
        return refused(verdict::fail, "the header is not what was signed");
    made.is = verdict::pass;
    return made;
}

}  // namespace

std::string candidate::key_question() const {
    return signature ? signature->selector + "._domainkey." + signature->domain : std::string();
}

template <class Form>
void body_digest<Form>::feed(std::string_view piece) {
    form.feed(piece, [this](std::string_view part) {
        hash.feed(part);
        octets += part.size();
    });
}

template <class Form>
void body_digest<Form>::finish() {
    form.finish([this](std::string_view part) {
        hash.feed(part);
        octets += part.size();
    });
    hashed = hash.finish();
}

void verifier::feed(std::string_view octets) {
    header_.take(octets);
    if (!header_.is_over()) return;
    if (!is_header_known_) look_at_header();
    if (octets.empty()) return;
    if (simple_) simple_->feed(octets);
    if (relaxed_) relaxed_->feed(octets);
}

void verifier::finish() {
    header_.finish();
    if (!is_header_known_) look_at_header();
    if (simple_) simple_->finish();
    if (relaxed_) relaxed_->finish();
}

/// Which signatures are looked at, and so in which forms the body is hashed.
void verifier::look_at_header() {
    is_header_known_ = true;
    author_domain_ = message::author_domain(header_.text());
    if (!field_index::of(header_.text())) return;
    for (message::header_reader reader(header_.text()); reader.next();) {
        const auto& field = reader.field();
        if (!ascii::equal_nocase(field.name, "DKIM-Signature")) continue;
        if (candidates_.size() == limits::max_read_signatures) {
            ++unchecked_;
            continue;
        }
        candidate one;
        one.field = field.raw;
        const auto read = parse_signature(field.value);
        if (read) one.signature = *read;
        candidates_.push_back(std::move(one));
    }
    std::ranges::stable_sort(candidates_, {},
                             [this](const auto& one) { return rank(one, author_domain_); });
    if (candidates_.size() > limits::max_checked_signatures) {
        unchecked_ += candidates_.size() - limits::max_checked_signatures;
        candidates_.resize(limits::max_checked_signatures);
    }
    for (auto& one : candidates_) {
        one.known = one.signature ? judge(*one.signature)
                                  : found(verdict::permerror, "the signature cannot be read");
        if (one.known) continue;
        if (one.signature->body_form == canonicalization::simple)
            simple_.emplace();
        else
            relaxed_.emplace();
    }
}

/// nullopt: it depends on body and key.
std::optional<verification> verifier::judge(const signature& one) const {
    // RFC 8301 3.1
    if (one.method == algorithm::rsa_sha1) return found(verdict::policy, "SHA-1 proves nothing");
    const auto begins = static_cast<std::int64_t>(one.signed_at.value_or(0));
    if (begins > now_ + day) return found(verdict::permerror, "it is signed in the future");
    if (one.expires_at && static_cast<std::int64_t>(*one.expires_at) < now_ - day)
        return found(verdict::fail, "its time is over");
    if (!covers_what_is_shown(one))
        return found(verdict::policy, "it leaves a field open that is there twice");
    return std::nullopt;
}

bool verifier::covers_what_is_shown(const signature& one) const {
    const auto index = field_index::of(header_.text());
    return std::ranges::all_of(shown_once, [&](std::string_view name) {
        const auto there = index->count(name);
        const auto covered = std::ranges::count_if(one.names, [name](const auto& signed_name) {
            return ascii::equal_nocase(signed_name, name);
        });
        return there < 2 || there <= static_cast<std::size_t>(covered);
    });
}

/// nullopt: the body is what was signed.
std::optional<verification> verifier::judge_body(const signature& one) const {
    const bool is_simple = one.body_form == canonicalization::simple;
    const auto octets = is_simple ? simple_->octets : relaxed_->octets;
    if (one.body_octets && *one.body_octets < octets)
        return found(verdict::policy, "it leaves a part of the body open");
    if (one.body_octets && *one.body_octets > octets)
        return found(verdict::fail, "there is less body than was signed");
    if (one.body_hash != (is_simple ? simple_->hashed : relaxed_->hashed))
        return found(verdict::fail, "the body is not what was signed");
    return std::nullopt;
}

verification verifier::check(std::size_t n, const key_answer& key) const {
    const auto& one = candidates_.at(n);
    if (one.known) return *one.known;
    const auto& what = *one.signature;
    if (key.is == key_answer::kind::failed)
        return found(verdict::temperror, "the key cannot be looked up now");
    if (const auto wrong = judge_body(what)) return *wrong;
    const auto index = field_index::of(header_.text());
    const auto hash =
        sha256_of(index->signed_octets(what.names, without_signature(one.field), what.header_form));
    // RFC 6376 3.6.2.2 leaves open which one of several counts.
    auto made = found(verdict::permerror, "there is no key");
    for (std::size_t i = 0; i < std::min(key.texts.size(), limits::max_key_records); ++i) {
        made = check_with(what, key.texts[i], hash);
        if (made.is == verdict::pass) break;
    }
    return made;
}

}  // namespace hauspost::dkim
