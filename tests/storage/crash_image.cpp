#include "tests/storage/crash_image.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace hauspost::storage::test {

using hauspost::test::crash_entry;
using hauspost::test::crash_event;

namespace {

/// Files that the store never changes once they have a name: images share them.
bool is_frozen(const std::string& name) {
    return name.starts_with("blobs/big/");
}

std::string folder_of(std::string_view name) {
    const auto slash = name.rfind('/');
    return slash == std::string_view::npos ? "." : std::string(name.substr(0, slash));
}

void write_octets(const std::filesystem::path& path, std::string_view octets) {
    std::ofstream out(path, std::ios::binary);
    out.write(octets.data(), static_cast<std::streamsize>(octets.size()));
    if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace

crash_log::crash_log(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    text_ = std::move(text).str();
    for (std::size_t at = 0; at + sizeof(crash_entry) <= text_.size();) {
        crash_call call{};
        std::memcpy(&call.head, text_.data() + at, sizeof(crash_entry));
        at += sizeof(crash_entry);
        call.octets = std::string_view(text_).substr(at, call.head.length);
        at += call.head.length;
        calls_.push_back(call);
    }
}

crash_disk::crash_disk(const crash_log& log, std::filesystem::path cache)
    : log_(log), cache_(std::move(cache)) {}

void crash_disk::advance_to(std::size_t position) {
    for (; position_ < position; ++position_)
        take(position_);
}

void crash_disk::take(std::size_t position) {
    const auto& call = log_.calls()[position];
    switch (call.head.event) {
    case crash_event::write:
    case crash_event::truncate:
    case crash_event::punch:
    case crash_event::name:
    case crash_event::unname: pending_of(call).push_back({position}); break;
    case crash_event::done: end_change(call.head.serial, false); break;
    case crash_event::durable: end_change(call.head.serial, true); break;
    case crash_event::sync: begin_sync(call); break;
    case crash_event::sync_end: end_sync(call.head.serial); break;
    case crash_event::note: break;
    }
}

std::vector<crash_disk::change>& crash_disk::pending_of(const crash_call& call) {
    const bool is_name =
        call.head.event == crash_event::name || call.head.event == crash_event::unname;
    return is_name ? folders_[folder_of(call.octets)] : files_[call.head.file].pending;
}

void crash_disk::apply_name(names& all, const crash_call& call) const {
    if (call.head.event == crash_event::name)
        all[std::string(call.octets)] = call.head.file;
    else
        all.erase(std::string(call.octets));
}

void crash_disk::apply(std::string& octets, const crash_call& call, std::size_t length) {
    const auto at = call.head.offset;
    if (call.head.event == crash_event::truncate) return octets.resize(at);
    if (call.head.event == crash_event::punch) {
        std::uint64_t hole = 0;
        std::memcpy(&hole, call.octets.data(), sizeof(hole));
        if (at < octets.size())
            std::fill_n(octets.begin() + static_cast<std::ptrdiff_t>(at),
                        std::min<std::uint64_t>(hole, octets.size() - at), 0);
        return;
    }
    if (octets.size() < at + length) octets.resize(at + length);
    std::copy_n(call.octets.begin(), length, octets.begin() + static_cast<std::ptrdiff_t>(at));
}

void crash_disk::end_change(std::uint32_t serial, bool is_durable) {
    const auto visit = [&](std::vector<change>& pending, file* owner) {
        for (auto one = pending.begin(); one != pending.end(); ++one) {
            const auto& call = log_.calls()[one->call];
            if (call.head.serial != serial) continue;
            one->is_done = true;
            if (!is_durable || owner == nullptr) return true;
            apply(owner->octets, call, call.octets.size());
            owner->cached.clear();
            pending.erase(one);
            return true;
        }
        return false;
    };
    for (auto& [number, one] : files_)
        if (visit(one.pending, &one)) return;
    for (auto& [name, pending] : folders_)
        if (visit(pending, nullptr)) return;
}

void crash_disk::begin_sync(const crash_call& call) {
    sync_point point{call.head.file, std::string(call.octets), {}};
    const auto& pending = point.file != 0 ? files_[point.file].pending : folders_[point.folder];
    for (const auto& one : pending)
        if (one.is_done) point.covered.insert(one.call);
    syncs_[call.head.serial] = std::move(point);
}

void crash_disk::end_sync(std::uint32_t serial) {
    const auto point = std::move(syncs_.at(serial));
    syncs_.erase(serial);
    auto& pending = point.file != 0 ? files_[point.file].pending : folders_[point.folder];
    for (const auto& one : pending) {
        if (!point.covered.contains(one.call)) continue;
        const auto& call = log_.calls()[one.call];
        if (point.file == 0) {
            apply_name(names_, call);
            continue;
        }
        apply(files_[point.file].octets, call, call.octets.size());
        files_[point.file].cached.clear();
    }
    std::erase_if(pending, [&](const change& one) { return point.covered.contains(one.call); });
}

std::vector<std::size_t> crash_disk::some_of(const std::vector<change>& pending,
                                             unsigned percent,
                                             std::mt19937_64& dice) const {
    std::vector<std::size_t> chosen;
    for (const auto& one : pending)
        if (dice() % 100 < percent) chosen.push_back(one.call);
    return chosen;
}

void crash_disk::write_file(const std::filesystem::path& path,
                            file& from,
                            unsigned percent,
                            std::mt19937_64& dice) {
    const auto chosen = some_of(from.pending, percent, dice);
    if (chosen.empty()) return write_octets(path, from.octets);
    auto octets = from.octets;
    for (const auto number : chosen) {
        const auto& call = log_.calls()[number];
        auto length = call.octets.size();
        if (number == chosen.back() && call.head.event == crash_event::write && dice() % 4 != 0) {
            // Torn at a sector or page of the file; nothing of it, when it lies inside one.
            const std::uint64_t unit = dice() % 2 == 0 ? 512 : 4096;
            const auto end = call.head.offset + length;
            const auto first = call.head.offset / unit + 1;
            const auto last = (end - 1) / unit;
            length = first > last || length == 0
                         ? 0
                         : (first + dice() % (last - first + 1)) * unit - call.head.offset;
        }
        if (length > 0 || call.head.event != crash_event::write) apply(octets, call, length);
    }
    write_octets(path, octets);
}

void crash_disk::write(const std::filesystem::path& folder, std::mt19937_64& dice) {
    constexpr unsigned shares[] = {0, 10, 50, 50, 90, 100};
    const auto share = [&] { return shares[dice() % std::size(shares)]; };
    auto all = names_;
    for (const auto& [name, pending] : folders_)
        for (const auto number : some_of(pending, share(), dice))
            apply_name(all, log_.calls()[number]);
    for (const auto& [name, number] : all) {  // parents stand before their children
        const auto parent = folder_of(name);
        if (parent != "." && !std::filesystem::is_directory(folder / parent)) continue;
        if (number == 0) {
            std::filesystem::create_directory(folder / name);
            continue;
        }
        auto& from = files_[number];
        if (!is_frozen(name) || !from.pending.empty()) {
            write_file(folder / name, from, share(), dice);
            continue;
        }
        if (from.cached.empty()) {
            from.cached = cache_ / std::to_string(number);
            write_octets(from.cached, from.octets);
        }
        std::filesystem::create_hard_link(from.cached, folder / name);
    }
}

}  // namespace hauspost::storage::test
