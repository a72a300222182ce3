#pragma once

#include "storage/heading_reader.hpp"

namespace hauspost::server {

/// What summaries that stored_summaries has made say to people.
class stored_headings final : public storage::heading_reader {
public:
    [[nodiscard]] storage::message_heading read(std::string_view summary) const override;
    [[nodiscard]] std::string folded(std::string_view text) const override;
};

}  // namespace hauspost::server
