#pragma once

#include "base/ascii.hpp"
#include "storage/heading_reader.hpp"

#include <string>
#include <string_view>

namespace hauspost::test {

/// Reads summaries of tests: "name|address|subject".
class plain_headings final : public storage::heading_reader {
public:
    [[nodiscard]] storage::message_heading read(std::string_view summary) const override {
        const auto first = summary.find('|');
        const auto second = summary.find('|', first == summary.npos ? first : first + 1);
        if (second == summary.npos) return {};
        return {std::string(summary.substr(second + 1)), std::string(summary.substr(0, first)),
                std::string(summary.substr(first + 1, second - first - 1))};
    }
    [[nodiscard]] std::string folded(std::string_view text) const override {
        return ascii::lowered(text);
    }
};

}  // namespace hauspost::test
