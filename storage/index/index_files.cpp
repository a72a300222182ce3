#include "storage/index/index_files.hpp"

#include "base/log.hpp"
#include "base/octets.hpp"
#include "storage/index/trigrams.hpp"

#include <string_view>
#include <utility>

namespace hauspost::storage::index {
namespace {

// One text of a message gives at most so many terms; more different ones have only attachments
// that are no text.
constexpr std::size_t max_trigrams_of_text = 64 * 1024;
/// Of what this file makes of a text; goes in front of the version of what makes the text.
constexpr auto layout_version = "2, ";
constexpr auto key_version = "version";
constexpr auto key_covered = "covered";

[[noreturn]] void throw_damaged(const Xapian::Error& error) {
    throw damaged_index(error.get_description());
}

/// Xapian's exceptions are no std::exception.
template <class Work>
auto guarded(Work work) {
    try {
        return work();
    } catch (const Xapian::Error& error) {
        throw_damaged(error);
    }
}

Xapian::WritableDatabase opened(const std::filesystem::path& folder) {
    return guarded([&] {
        return Xapian::WritableDatabase(folder.string(), Xapian::DB_CREATE_OR_OPEN |
                                                             Xapian::DB_BACKEND_GLASS |
                                                             Xapian::DB_NO_TERMLIST);
    });
}

std::string octets_of(blob_id blob) {
    std::string octets;
    append_le(octets, blob.value());
    return octets;
}

std::string encode(const index_coverage& covered) {
    std::string octets;
    for (const auto& [mailbox, below] : covered.below) {
        append_le(octets, mailbox.value());
        append_le(octets, below.value());
    }
    return octets;
}

}  // namespace

uid index_coverage::of(mailbox_id mailbox) const noexcept {
    const auto at = below.find(mailbox);
    return at == below.end() ? uid() : at->second;
}

index_coverage read_coverage(const Xapian::Database& db, const std::string& version) {
    if (db.get_metadata(key_version) != layout_version + version)
        throw damaged_index("of another version");
    const auto octets = db.get_metadata(key_covered);
    octet_reader in(octets);
    index_coverage covered;
    while (!in.rest().empty() && in.ok()) {
        const mailbox_id mailbox(in.number<std::uint32_t>());
        covered.below[mailbox] = uid(in.number<std::uint32_t>());
    }
    if (!in.ok()) throw damaged_index("its coverage cannot be read");
    return covered;
}

blob_id blob_of(const Xapian::Database& db, Xapian::docid document) {
    const auto octets = db.get_document(document, Xapian::DOC_ASSUME_VALID).get_data();
    octet_reader in(octets);
    const blob_id blob(in.number<std::uint64_t>());
    if (!in.ok()) throw damaged_index("a document is of no blob");
    return blob;
}

index_writer::index_writer(const std::filesystem::path& folder, const std::string& version)
    : db_(opened(folder)), version_(version) {
    guarded([&] {
        const bool is_new = db_.get_doccount() == 0 && db_.get_metadata(key_version).empty();
        if (!is_new) covered = read_coverage(db_, version_);
        db_.begin_transaction();
    });
}

index_writer::~index_writer() {
    try {
        db_.cancel_transaction();
        db_.close();
    } catch (const Xapian::Error& error) {
        // Nothing more is written by it; whoever opens it next sees the damage.
        log::warn("index_close what={}", log_safe(error.get_description(), 400));
    }
}

bool index_writer::has(blob_id blob) const {
    return guarded([&] { return db_.term_exists(index_terms::blob + octets_of(blob)); });
}

void index_writer::add(blob_id blob, const indexed_text& text) {
    Xapian::Document document;
    bool is_complete = text.is_complete;
    const auto enter = [&](char prefix, std::string_view octets) {
        trigram_set all(max_trigrams_of_text);
        all.add(octets);
        if (all.is_full()) is_complete = false;
        for (const auto three : all.sorted())
            document.add_boolean_term(term_of(prefix, three));
    };
    enter(index_terms::subject, text.subject);
    enter(index_terms::from, text.from);
    enter(index_terms::to, text.to);
    enter(index_terms::cc, text.cc);
    enter(index_terms::header, text.header);
    enter(index_terms::body, text.body);
    if (!is_complete) document.add_boolean_term(index_terms::incomplete);
    add(blob, document);
}

void index_writer::add_incomplete(blob_id blob) {
    Xapian::Document document;
    document.add_boolean_term(index_terms::incomplete);
    add(blob, document);
}

void index_writer::add(blob_id blob, Xapian::Document& document) {
    const auto octets = octets_of(blob);
    document.add_boolean_term(index_terms::blob + octets);
    document.set_data(octets);
    guarded([&] { db_.add_document(document); });
    waiting_ += document.termlist_count();
}

std::size_t index_writer::documents() const {
    return guarded([&] { return std::size_t{db_.get_doccount()}; });
}

void index_writer::commit() {
    guarded([&] {
        db_.set_metadata(key_version, layout_version + version_);
        db_.set_metadata(key_covered, encode(covered));
        db_.commit_transaction();
        db_.begin_transaction();
    });
    waiting_ = 0;
}

}  // namespace hauspost::storage::index
