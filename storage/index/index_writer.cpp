#include "storage/index/index_writer.hpp"

#include "storage/fault.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::storage::index {
namespace {

constexpr std::uint64_t messages_of_full_segment = 65'536;
// Segments are merged when so many are not much larger than what comes.
constexpr std::uint64_t alike_is = 4;
constexpr std::size_t merge_from = 3;

std::unique_ptr<const index_snapshot> opened_or_new(const std::filesystem::path& folder,
                                                    const std::string& version) {
    const bool is_new = !std::filesystem::exists(folder);
    if (is_new) {
        std::filesystem::create_directory(folder);
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
        write_catalogue(folder, version, {});
    }
    return std::make_unique<const index_snapshot>(folder, version, nullptr);
}

}  // namespace

index_writer::index_writer(std::filesystem::path folder, std::string version)
    : folder_(std::move(folder)),
      version_(std::move(version)),
      now_(opened_or_new(folder_, version_)) {
    covered = now_->what().covered;
    remove_strangers(folder_, now_->what());
}

bool index_writer::has(blob_id blob) const {
    return waiting_blobs_.contains(blob) ||
           std::any_of(now_->segments().begin(), now_->segments().end(),
                       [blob](const auto& one) { return one->has(blob); });
}

void index_writer::add(blob_id blob, const indexed_text& text) {
    waiting_.push_back({blob, signature_of(text)});
    waiting_blobs_.insert(blob);
    waiting_octets_ += sizeof(signed_message) + waiting_.back().bits.words.size() * 8;
}

std::size_t index_writer::documents() const noexcept {
    return now_->what().messages() + waiting_.size();
}

const segment& index_writer::open(const segment_name& name) const {
    const auto& all = now_->segments();
    return **std::find_if(all.begin(), all.end(),
                          [&name](const auto& one) { return one->name() == name; });
}

/// Of the segments there are, those that go into the one which is to be written.
std::vector<segment_name> index_writer::take_to_merge() {
    auto left = now_->what().segments;
    std::sort(left.begin(), left.end(),
              [](const auto& one, const auto& other) { return one.messages < other.messages; });
    std::vector<segment_name> taken;
    std::uint64_t messages = waiting_.size();
    while (true) {
        const auto most = std::min(messages * alike_is, messages_of_full_segment);
        const auto end = std::find_if(left.begin(), left.end(),
                                      [most](const auto& one) { return one.messages >= most; });
        if (static_cast<std::size_t>(end - left.begin()) < merge_from) return taken;
        for (auto one = left.begin(); one != end; ++one)
            messages += one->messages;
        taken.insert(taken.end(), left.begin(), end);
        left.erase(left.begin(), end);
    }
}

void index_writer::write_segment(catalogue& next, const std::vector<block_source>& sources) {
    segment_writer file(folder_, next.next_segment);
    make_blocks(sources, [&file](signature_block block, std::string_view table) {
        file.add(std::move(block), table);
    });
    const auto name = file.finish();
    ++next.next_segment;
    if (name.messages == 0) return;
    file.keep();
    next.segments.push_back(name);
}

void index_writer::replace(const catalogue& next) {
    try {
        write_catalogue(folder_, version_, next);
    } catch (const fault&) {
        // Whichever of them stands there now, the room of the others is wanted.
        remove_strangers(folder_, read_catalogue(folder_, version_));
        throw;
    }
    now_ = std::make_unique<const index_snapshot>(folder_, version_, now_.get());
}

void index_writer::commit() {
    if (waiting_.empty() && covered == now_->what().covered) return;
    auto next = now_->what();
    next.covered = covered;
    if (!waiting_.empty()) {
        std::vector<block_source> sources;
        for (const auto& message : waiting_)
            sources.push_back(source_of(message));
        for (const auto& name : take_to_merge()) {
            const auto& file = open(name);
            for (const auto& block : file.blocks())
                sources.push_back(source_of(file, block));
            std::erase(next.segments, name);
        }
        write_segment(next, sources);
    }
    replace(next);
    waiting_.clear();
    waiting_blobs_.clear();
    waiting_octets_ = 0;
}

bool index_writer::tidy_one(std::span<const blob_id> live) {
    for (const auto& file : now_->segments()) {
        std::vector<block_source> sources;
        std::uint64_t staying = 0;
        for (const auto& block : file->blocks()) {
            sources.push_back(source_of(*file, block, &live));
            const auto& blobs = sources.back().blobs;
            staying += static_cast<std::uint64_t>(
                std::count_if(blobs.begin(), blobs.end(), [](blob_id blob) { return bool(blob); }));
        }
        if (staying * 8 > file->name().messages * 7) continue;
        auto next = now_->what();
        std::erase(next.segments, file->name());
        write_segment(next, sources);
        replace(next);
        return true;
    }
    return false;
}

void index_writer::remove_unused() {
    remove_strangers(folder_, now_->what());
}

}  // namespace hauspost::storage::index
