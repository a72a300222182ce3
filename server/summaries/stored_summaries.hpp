#pragma once

#include "storage/summary_maker.hpp"

namespace hauspost::server {

/// What the protocols want to know of stored messages: message::summarize, with IMAP's texts.
class stored_summaries final : public storage::summary_maker {
public:
    [[nodiscard]] std::uint32_t version() const override;
    [[nodiscard]] storage::message_summary make(std::string_view octets) const override;
};

}  // namespace hauspost::server
