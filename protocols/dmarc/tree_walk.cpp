#include "protocols/dmarc/tree_walk.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace hauspost::dmarc {
namespace {

std::size_t labels_of(std::string_view domain) {
    return static_cast<std::size_t>(std::ranges::count(domain, '.')) + 1;
}

/// "" above a top-level domain.
std::string_view above(std::string_view domain) {
    const auto dot = domain.find('.');
    return dot == std::string_view::npos ? std::string_view() : domain.substr(dot + 1);
}

/// Several of them count as none. RFC 9989 4.10
std::optional<record> only_record(const txt_answer& answer) {
    std::optional<record> only;
    std::size_t times = 0;
    for (const auto& text : answer.texts) {
        const auto one = parse_record(text);
        if (!one) continue;
        only = one;
        ++times;
    }
    return times == 1 ? only : std::nullopt;
}

struct step {
    std::string_view domain;
    record what;
};

/// The records on the way up, the longest name first.
struct way {
    std::vector<step> steps;
    bool has_failed = false;
};

way walk(const std::vector<std::string>& domains, std::span<const txt_answer> answers) {
    way made;
    for (std::size_t n = 0; n < domains.size(); ++n) {
        const bool is_known = n < answers.size() && !answers[n].has_failed;
        const bool is_top_level = labels_of(domains[n]) == 1 && n > 0;
        if (!is_known && !is_top_level) made.has_failed = true;
        if (!is_known) continue;
        const auto one = only_record(answers[n]);
        if (!one) continue;
        made.steps.push_back({domains[n], *one});
        if (one->what != role::unknown) break;
    }
    return made;
}

/// The name one label longer than `suffix` that `domain` ends with.
std::string_view one_below(std::string_view domain, std::string_view suffix) {
    auto name = domain;
    while (labels_of(name) > labels_of(suffix) + 1)
        name = above(name);
    return name;
}

/// RFC 9989 4.10.2
std::string_view organization_of(std::string_view domain, const way& up) {
    if (up.steps.empty()) return domain;
    const auto& last = up.steps.back();
    if (last.what.what == role::public_suffix && last.domain != domain)
        return one_below(domain, last.domain);
    return last.domain;
}

}  // namespace

std::vector<std::string> domains_to_ask(std::string_view domain) {
    std::vector<std::string> names;
    if (domain.empty()) return names;
    names.push_back(ascii::lowered(domain));
    auto name = above(names.front());
    while (labels_of(name) >= max_questions)
        name = above(name);
    std::vector<std::string> parents;
    for (; !name.empty(); name = above(name))
        parents.emplace_back(name);
    names.insert(names.end(), parents.begin(), parents.end());
    return names;
}

std::string question_name(std::string_view domain) {
    return "_dmarc." + std::string(domain);
}

findings find_policy(std::string_view domain, std::span<const txt_answer> answers, bool exists) {
    const auto domains = domains_to_ask(domain);
    findings made;
    if (domains.empty()) return made;
    const auto up = walk(domains, answers);
    const auto organization = organization_of(domains.front(), up);
    if (!up.has_failed) made.organization = organization;
    const bool has_own = !up.steps.empty() && up.steps.front().domain == domains.front();
    const bool is_own_known = !answers.empty() && !answers.front().has_failed;
    // What those above say matters when the domain itself says nothing.
    if (!is_own_known || (!has_own && up.has_failed)) {
        made.is = findings::outcome::failed;
        return made;
    }
    if (up.steps.empty()) return made;
    // The domain's own, else its organisation's, else that of the public suffix above it, which is
    // then the only one there is.
    const auto of_organization = std::ranges::find(up.steps, organization, &step::domain);
    const auto& counts = has_own                             ? up.steps.front()
                         : of_organization != up.steps.end() ? *of_organization
                                                             : up.steps.back();
    made.is = findings::outcome::found;
    made.wanted = has_own ? counts.what.for_domain : policy_below(counts.what, exists);
    made.is_testing = counts.what.is_testing;
    made.dkim = counts.what.dkim;
    made.spf = counts.what.spf;
    made.policy_domain = counts.domain;
    return made;
}

comparison compare(std::string_view author, std::string_view identifier, alignment mode) {
    if (author.empty() || identifier.empty()) return comparison::not_aligned;
    if (ascii::equal_nocase(author, identifier)) return comparison::aligned;
    if (mode == alignment::strict) return comparison::not_aligned;
    // Of one organisation have their last label in common, and more.
    const auto last = [](std::string_view name) { return name.substr(name.rfind('.') + 1); };
    return ascii::equal_nocase(last(author), last(identifier)) ? comparison::needs_walk
                                                               : comparison::not_aligned;
}

}  // namespace hauspost::dmarc
