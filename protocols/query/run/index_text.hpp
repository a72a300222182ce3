#pragma once

#include "storage/search_index.hpp"

namespace hauspost::query {

/// Tells the full-text index what SEARCH would find in a message (search_text.hpp).
class index_text final : public storage::text_maker {
public:
    [[nodiscard]] std::string version() const override;
    [[nodiscard]] std::optional<std::vector<storage::octet_range>> ranges(
        std::string_view summary) const override;
    [[nodiscard]] storage::indexed_text make(std::string_view summary,
                                             std::span<const std::string> octets) const override;
};

}  // namespace hauspost::query
