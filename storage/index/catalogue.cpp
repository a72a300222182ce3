#include "storage/index/catalogue.hpp"

#include "base/octets.hpp"
#include "storage/fault.hpp"

#include <algorithm>
#include <cerrno>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

namespace hauspost::storage::index {
namespace {

constexpr std::string_view magic = "HPFTI3\r\n";
constexpr auto file_name = "catalogue";
/// Of how signatures and files are made; goes in front of the version of what makes the text.
constexpr auto layout_version = "3, ";
constexpr std::uint64_t max_octets = 64 << 20;

std::string encode(const catalogue& what, const std::string& version) {
    std::string octets;
    append_text(octets, layout_version + version);
    append_le(octets, what.next_segment);
    append_le(octets, static_cast<std::uint32_t>(what.covered.below.size()));
    for (const auto& [mailbox, below] : what.covered.below) {
        append_le(octets, mailbox.value());
        append_le(octets, below.value());
    }
    append_le(octets, static_cast<std::uint32_t>(what.segments.size()));
    for (const auto& one : what.segments)
        for (const auto number : {one.number, one.salt, one.directory_at, one.directory_octets,
                                  one.directory_sum, one.messages})
            append_le(octets, number);
    std::string file(magic);
    append_le(file, checksum_of(octets));
    return file + octets;
}

catalogue decode(std::string_view file, const std::string& version) {
    if (!file.starts_with(magic)) throw damaged_index("its catalogue is of another kind");
    octet_reader in(file.substr(magic.size()));
    const auto sum = in.number<std::uint64_t>();
    if (!in.ok() || sum != checksum_of(in.rest())) throw damaged_index("its catalogue is damaged");
    if (in.text() != layout_version + version) throw damaged_index("of another version");
    catalogue what;
    what.next_segment = in.number<std::uint64_t>();
    for (auto left = in.number<std::uint32_t>(); left > 0 && in.ok(); --left) {
        const mailbox_id mailbox(in.number<std::uint32_t>());
        what.covered.below[mailbox] = uid(in.number<std::uint32_t>());
    }
    for (auto left = in.number<std::uint32_t>(); left > 0 && in.ok(); --left) {
        segment_name one;
        for (auto* number : {&one.number, &one.salt, &one.directory_at, &one.directory_octets,
                             &one.directory_sum, &one.messages})
            *number = in.number<std::uint64_t>();
        what.segments.push_back(one);
    }
    if (!in.ok() || !in.rest().empty()) throw damaged_index("its catalogue cannot be read");
    return what;
}

}  // namespace

uid index_coverage::of(mailbox_id mailbox) const noexcept {
    const auto at = below.find(mailbox);
    return at == below.end() ? uid() : at->second;
}

std::uint64_t catalogue::messages() const noexcept {
    std::uint64_t sum = 0;
    for (const auto& one : segments)
        sum += one.messages;
    return sum;
}

catalogue read_catalogue(const std::filesystem::path& folder, const std::string& version) {
    const input_file file(folder / file_name);
    const auto size = file.size();
    if (size > max_octets) throw damaged_index("its catalogue is too long");
    std::string octets(size, '\0');
    file.read(0, octets);
    return decode(octets, version);
}

void write_catalogue(const std::filesystem::path& folder,
                     const std::string& version,
                     const catalogue& what) {
    const auto fresh = folder / (std::string(file_name) + ".new");
    output_file file(fresh);
    file.append(encode(what, version));
    file.finish();
    // Segments that it names are in the folder before it is.
    sync_names_in(folder);
    std::error_code failed;
    std::filesystem::rename(fresh, folder / file_name, failed);
    if (failed) throw fault("the index cannot name its catalogue (" + failed.message() + ")");
    file.keep();
    sync_names_in(folder);
}

void remove_strangers(const std::filesystem::path& folder, const catalogue& known) {
    std::set<std::filesystem::path> ours{folder / file_name};
    for (const auto& one : known.segments)
        ours.insert(segment_path(folder, one.number));
    std::vector<std::filesystem::path> strangers;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (!ours.contains(entry.path())) strangers.push_back(entry.path());
    for (const auto& path : strangers)
        std::filesystem::remove_all(path);
}

index_snapshot::index_snapshot(const std::filesystem::path& folder,
                               const std::string& version,
                               const index_snapshot* older)
    : what_(read_catalogue(folder, version)) {
    for (const auto& name : what_.segments) {
        std::shared_ptr<const segment> open;
        if (older != nullptr)
            for (const auto& one : older->segments_)
                if (one->name() == name) open = one;
        if (!open) open = std::make_shared<const segment>(folder, name);
        segments_.push_back(std::move(open));
    }
}

}  // namespace hauspost::storage::index
