#pragma once

#include "storage/blob_store.hpp"
#include "storage/lmdb/store_core.hpp"

namespace hauspost::storage::lmdb {

class blobs final : public blob_store {
public:
    explicit blobs(store_core& core) : core_(core) {}

    [[nodiscard]] std::unique_ptr<staged_blob> stage() override;
    awaitable<result<std::size_t>> read(blob_id blob,
                                        std::uint64_t offset,
                                        std::span<char> into) override;
    result<std::size_t> read_here(blob_id blob,
                                  std::uint64_t offset,
                                  std::span<char> into) override;

private:
    /// Octets of a blob on the disk, and where they are wanted.
    struct piece {
        file_handle file;
        std::uint64_t at = 0;
        std::span<char> into;
    };
    [[nodiscard]] result<piece> find(blob_id blob, std::uint64_t offset, std::span<char> into);
    static std::size_t read_cached(const piece& wanted);
    static void read_from_disk(const piece& wanted);

    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
