#pragma once

#include "base/ids.hpp"
#include "storage/index/segment.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

/// The folder of one account's index: some segments, and a catalogue that says which ones count and
/// what they cover. The catalogue is replaced as a whole, so that there is the state before a
/// commit or the one after it, and never something between.
namespace hauspost::storage::index {

/// What an index covers: of each mailbox the messages below this UID.
struct index_coverage {
    std::map<mailbox_id, uid> below;
    [[nodiscard]] uid of(mailbox_id mailbox) const noexcept;
    friend bool operator==(const index_coverage&, const index_coverage&) = default;
};

struct catalogue {
    index_coverage covered;
    std::vector<segment_name> segments;
    std::uint64_t next_segment = 1;

    [[nodiscard]] std::uint64_t messages() const noexcept;
};

/// Throws  damaged_index, also when another version of the program made it, or there is none
[[nodiscard]] catalogue read_catalogue(const std::filesystem::path& folder,
                                       const std::string& version);

/// Puts it in the place of the one before. On stable storage when it returns; after a fault either
/// of them stands there.
/// Throws  storage::fault
void write_catalogue(const std::filesystem::path& folder,
                     const std::string& version,
                     const catalogue& what);

/// Removes what no catalogue names: left by a crash, or merged into others.
void remove_strangers(const std::filesystem::path& folder, const catalogue& known);

/// An index as one commit left it, for as long as somebody holds it.
/// Thread  any, several at once
class index_snapshot {
public:
    /// older  open segments are taken from it; may be null
    /// Throws  damaged_index
    index_snapshot(const std::filesystem::path& folder,
                   const std::string& version,
                   const index_snapshot* older);

    [[nodiscard]] const catalogue& what() const noexcept { return what_; }
    [[nodiscard]] const std::vector<std::shared_ptr<const segment>>& segments() const noexcept {
        return segments_;
    }

private:
    catalogue what_;
    std::vector<std::shared_ptr<const segment>> segments_;
};

}  // namespace hauspost::storage::index
