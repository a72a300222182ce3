#include "storage/index/index_query.hpp"

#include "storage/index/index_files.hpp"
#include "storage/index/trigrams.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace hauspost::storage::index {
namespace {

using documents = std::vector<Xapian::docid>;  // ascending

// RFC 6203 2: how alike is left to the server. So much of a needle's trigrams must be there.
constexpr double least_alike = 0.6;

std::string prefixes_of(text_field field) {
    switch (field) {
    case text_field::subject: return {index_terms::subject};
    case text_field::from: return {index_terms::from};
    case text_field::to: return {index_terms::to};
    case text_field::cc: return {index_terms::cc};
    case text_field::header: return {index_terms::header};
    case text_field::body: return {index_terms::body};
    case text_field::anywhere: return {index_terms::header, index_terms::body};
    }
    return {};
}

std::vector<std::string> terms_of(char prefix, const std::vector<trigram>& trigrams) {
    std::vector<std::string> terms;
    for (const auto three : trigrams)
        terms.push_back(term_of(prefix, three));
    return terms;
}

documents with_term(const Xapian::Database& db, const std::string& term) {
    return {db.postlist_begin(term), db.postlist_end(term)};
}

/// Those that have all terms: the rarest one leads, the others skip to where it stands.
documents with_all(const Xapian::Database& db, const std::vector<std::string>& terms) {
    std::vector<std::pair<Xapian::doccount, std::string>> by_rarity;
    for (const auto& term : terms) {
        const auto count = db.get_termfreq(term);
        if (count == 0) return {};
        by_rarity.emplace_back(count, term);
    }
    std::sort(by_rarity.begin(), by_rarity.end());
    documents found = with_term(db, by_rarity.front().second);
    for (std::size_t n = 1; n < by_rarity.size() && !found.empty(); ++n) {
        auto at = db.postlist_begin(by_rarity[n].second);
        const auto end = db.postlist_end(by_rarity[n].second);
        std::erase_if(found, [&](Xapian::docid document) {
            if (at != end && *at < document) at.skip_to(document);
            return at == end || *at != document;
        });
    }
    return found;
}

documents merged(const documents& a, const documents& b) {
    documents all;
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(all));
    return all;
}

/// Documents that have at least `least` of the terms, with how many.
void add_alike(const Xapian::Database& db,
               const std::vector<std::string>& terms,
               std::size_t least,
               std::map<Xapian::docid, std::size_t>& into) {
    Xapian::Enquire enquire(db);
    enquire.set_query(Xapian::Query(Xapian::Query::OP_OR, terms.begin(), terms.end()));
    enquire.set_weighting_scheme(Xapian::CoordWeight());
    enquire.set_cutoff(0, static_cast<double>(least));
    const auto all = enquire.get_mset(0, db.get_doccount());
    for (auto match = all.begin(); match != all.end(); ++match) {
        auto& count = into[*match];
        count = std::max(count, static_cast<std::size_t>(std::lround(match.get_weight())));
    }
}

needle_candidates fuzzy_candidates(const Xapian::Database& db,
                                   const std::string& prefixes,
                                   const std::vector<trigram>& trigrams) {
    const auto wanted = static_cast<double>(trigrams.size());
    const auto least = static_cast<std::size_t>(std::ceil(wanted * least_alike));
    std::map<Xapian::docid, std::size_t> counts;
    for (const auto& document : with_term(db, index_terms::incomplete))
        counts[document] = 0;
    for (const char prefix : prefixes)
        add_alike(db, terms_of(prefix, trigrams), least, counts);
    std::map<blob_id, std::uint8_t> scores;
    for (const auto& [document, count] : counts) {
        const auto score = std::lround(100 * static_cast<double>(count) / wanted);
        scores[blob_of(db, document)] = static_cast<std::uint8_t>(std::min(score, 100L));
    }
    needle_candidates found;
    found.is_answered = true;
    for (const auto& [blob, score] : scores) {
        found.blobs.push_back(blob);
        found.scores.push_back(score);
    }
    return found;
}

}  // namespace

needle_candidates find_candidates(const Xapian::Database& db, const needle& wanted) {
    const auto trigrams = trigrams_of_needle(wanted.text);
    if (trigrams.empty()) return {};
    const auto prefixes = prefixes_of(wanted.field);
    if (wanted.is_fuzzy) return fuzzy_candidates(db, prefixes, trigrams);
    auto all = with_term(db, index_terms::incomplete);
    for (const char prefix : prefixes)
        all = merged(all, with_all(db, terms_of(prefix, trigrams)));
    needle_candidates found;
    found.is_answered = true;
    found.blobs.reserve(all.size());
    for (const auto document : all)
        found.blobs.push_back(blob_of(db, document));
    // Documents are counted as they were indexed, mailbox by mailbox.
    std::sort(found.blobs.begin(), found.blobs.end());
    return found;
}

}  // namespace hauspost::storage::index
