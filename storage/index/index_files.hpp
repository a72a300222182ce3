#pragma once

#include "storage/search_index.hpp"

#include <xapian.h>

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

/// The Xapian database of one account: what stands in it, and how it is written.
///
/// A document is a blob of the account. Xapian's document numbers have 32 bits and a blob's id has
/// 64, so documents are counted from 1 on; the data of each is the id of its blob, and a term of
/// its own finds it by that id. The other terms are trigrams behind a letter for the field; there
/// are no positions, no texts and no lists of a document's terms, so a document can be added but
/// not taken out: blobs that are gone stay until the index is built anew.
namespace hauspost::storage::index {

/// The files of an index cannot be used: it has to be built anew.
class damaged_index : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

namespace index_terms {
inline constexpr char subject = 'S';
inline constexpr char from = 'F';
inline constexpr char to = 'T';
inline constexpr char cc = 'C';
inline constexpr char header = 'H';
inline constexpr char body = 'B';
/// The text of these is not known as a whole: they may hold everything.
inline constexpr const char* incomplete = "I";
/// And the blob's id, 8 octets.
inline constexpr char blob = 'N';
}  // namespace index_terms

/// What an index covers: of each mailbox the messages below this UID.
struct index_coverage {
    std::map<mailbox_id, uid> below;
    [[nodiscard]] uid of(mailbox_id mailbox) const noexcept;
};

/// As the open database says.
/// Throws  damaged_index, also when another version of the program made it; Xapian::Error
[[nodiscard]] index_coverage read_coverage(const Xapian::Database& db, const std::string& version);

/// The blob that a document is of.
/// Throws  damaged_index, Xapian::Error
[[nodiscard]] blob_id blob_of(const Xapian::Database& db, Xapian::docid document);

/// Puts messages into the index of one account. One for each database at a time.
///
/// Calling sequence: construct, add(...) and set covered, commit(), again. What is not committed
/// is lost when it is destroyed.
/// Throws  damaged_index, from all of it
class index_writer {
public:
    /// Opens the database in this folder, or makes it.
    index_writer(const std::filesystem::path& folder, const std::string& version);
    ~index_writer();
    index_writer(const index_writer&) = delete;
    index_writer& operator=(const index_writer&) = delete;

    index_coverage covered;

    [[nodiscard]] bool has(blob_id blob) const;
    /// At most once for each blob.
    void add(blob_id blob, const indexed_text& text);
    /// A message with too much text.
    void add_incomplete(blob_id blob);
    /// Entries that wait for the commit; each takes some 100 octets of memory.
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }
    [[nodiscard]] std::size_t documents() const;
    /// On stable storage when it returns.
    void commit();

private:
    void add(blob_id blob, Xapian::Document& document);

    Xapian::WritableDatabase db_;
    std::string version_;
    std::size_t waiting_ = 0;
};

}  // namespace hauspost::storage::index
