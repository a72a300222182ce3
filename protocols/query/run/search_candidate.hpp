#pragma once

#include "mail/uids.hpp"
#include "protocols/message/summary.hpp"
#include "protocols/query/search.hpp"
#include "storage/types.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hauspost::query {

/// One stored message as a search sees it. First show(), then evaluate up to search_cost::summary;
/// with set_header() up to header; with set_body() all.
///
/// Lifetime: borrows the keyword table, what is \Recent, and what it is shown.
class search_candidate final : public searchable {
public:
    search_candidate(const std::vector<std::string>& keywords, const mail::uid_ranges& recent)
        : keywords_(keywords), recent_(recent) {}

    void show(std::uint32_t sequence, const storage::message_view& message);
    /// Octets of the whole header.
    void set_header(std::string octets);
    /// Text as body_text() gives it.
    void set_body(std::string text) { body_ = std::move(text); }
    /// Where the parts are; empty when the summary is damaged.
    [[nodiscard]] const std::vector<message::part>& parts();

    std::uint32_t sequence() override { return sequence_; }
    hauspost::uid uid() override { return message_->uid; }
    std::uint32_t system_flags() override;
    hauspost::modseq modseq() override { return message_->modseq; }
    bool is_recent() override { return contains(recent_, message_->uid); }
    bool has_keyword(std::string_view name) override;
    std::int64_t internal_day() override;
    std::int64_t internal_seconds() override { return message_->internal_date.unix_seconds; }
    std::int64_t save_day() override { return day_of(message_->save_date, 0); }
    bool has_email_id(std::string_view id) override;
    bool has_thread_id(std::string_view id) override;
    std::uint64_t octets() override { return message_->octets; }
    std::optional<std::int64_t> sent_day() override;
    std::optional<std::string> header(std::string_view field) override;
    std::optional<std::string> addresses(std::string_view field) override;
    std::string_view header_text() override;
    std::string_view body_text() override { return body_; }

private:
    const message::summary& summary();
    void read_fields();

    const std::vector<std::string>& keywords_;
    const mail::uid_ranges& recent_;
    std::unordered_map<std::string, std::size_t> known_;  // keyword numbers looked up before
    std::uint32_t sequence_ = 0;
    const storage::message_view* message_ = nullptr;
    std::optional<message::summary> summary_;
    std::string header_;
    // What header() and addresses() give, by lower-case name.
    std::unordered_map<std::string, std::string> fields_, addresses_;
    bool are_fields_read_ = false;
    std::optional<std::string> header_text_;
    std::string body_;
};

}  // namespace hauspost::query
