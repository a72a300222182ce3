#include "storage/lmdb/write_context.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::storage::lmdb {

using namespace schema;

void write_context::count(const blob_place& place, std::uint64_t octets, int sign) {
    if (place.segment == 0) return;
    auto& change = segments_[place.segment];
    change.live += sign * static_cast<std::int64_t>(segment_files::record_octets(octets));
    if (sign > 0)
        change.end = std::max(change.end, place.offset + octets + segment_files::tail_octets);
}

void write_context::add_blob(pending_body& body, std::uint32_t references) {
    auto where = body.placed();
    if (body.is_in_memory()) {
        const auto octets = body.memory();
        auto reserved = files_.reserve(octets.size());
        where.place = reserved.place();
        where.checksum = segment_files::checksum(octets);
        reserved_.push_back(std::move(reserved));
        records_.push_back({where.blob, octets, where.place, where.checksum});
    } else {
        placed_before_.push_back(&body);
    }
    const blob_row row{where.place.segment, references, where.place.offset, where.octets,
                       where.checksum};
    tx.append(table::blob, blob_key(where.blob), encode(row));
    count(where.place, where.octets, 1);
}

void write_context::add_reference(blob_id blob) {
    const auto found = tx.get(table::blob, blob_key(blob));
    if (!found) throw fault("a message refers to blob that is missing");
    auto row = decode_blob(*found);
    ++row.references;
    tx.put(table::blob, blob_key(blob), encode(row));
}

void write_context::drop_reference(blob_id blob) {
    const auto found = tx.get(table::blob, blob_key(blob));
    if (!found) throw fault("a message refers to a blob that is missing");
    auto row = decode_blob(*found);
    if (row.references > 1) {
        --row.references;
        tx.put(table::blob, blob_key(blob), encode(row));
        return;
    }
    tx.remove(table::blob, blob_key(blob));
    const blob_place place{row.segment, row.offset};
    count(place, row.octets, -1);
    freed.push_back({blob, place, row.octets});
}

bool write_context::move_blob(const placed_blob& body, const blob_place& from) {
    const auto found = tx.get(table::blob, blob_key(body.blob));
    if (!found) return false;
    auto row = decode_blob(*found);
    if (row.segment != from.segment || row.offset != from.offset) return false;
    count(from, row.octets, -1);
    row.segment = body.place.segment;
    row.offset = body.place.offset;
    tx.put(table::blob, blob_key(body.blob), encode(row));
    count(body.place, row.octets, 1);
    return true;
}

void write_context::flush_segments() {
    for (const auto& [segment, change] : segments_) {
        segment_row row;
        if (const auto found = tx.get(table::segment, segment_key(segment)))
            row = decode_segment(*found);
        row.committed = std::max(row.committed, change.end);
        row.live = static_cast<std::uint64_t>(static_cast<std::int64_t>(row.live) + change.live);
        tx.put(table::segment, segment_key(segment), encode(row));
    }
    segments_.clear();
}

void write_context::lay_down() {
    std::set<std::uint32_t> segments;
    for (const auto& one : reserved_)
        segments.insert(one.place().segment);
    for (const auto* body : placed_before_)
        if (const auto segment = body->placed().place.segment; segment != 0)
            segments.insert(segment);
    files_.write(records_);
    for (const auto segment : segments)
        files_.sync(segment);
}

void write_context::keep_bodies() noexcept {
    for (auto& one : reserved_)
        one.keep();
    for (auto* body : placed_before_)
        body->keep();
}

std::uint64_t meta_number(const txn& within, std::string_view name) {
    const auto found = within.get(table::meta, name);
    if (!found) return 0;
    octet_reader in(*found);
    const auto number = in.number<std::uint64_t>();
    if (!in.ok()) throw fault("damaged row in table meta");
    return number;
}

void set_meta_number(write_txn& tx, std::string_view name, std::uint64_t number) {
    std::string value;
    append_le(value, number);
    tx.put(table::meta, name, value);
}

}  // namespace hauspost::storage::lmdb
