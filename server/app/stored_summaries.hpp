#pragma once

#include "storage/summary_maker.hpp"

namespace hauspost::server {

/// Tells the store what the summaries of its messages are now (message::summarize).
class stored_summaries final : public storage::summary_maker {
public:
    [[nodiscard]] std::uint32_t version() const override;
    [[nodiscard]] std::string make(std::string_view octets) const override;
};

}  // namespace hauspost::server
