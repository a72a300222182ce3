#pragma once

#include "protocols/imap/grammar/search_options.hpp"
#include "protocols/imap/grammar/sequence_set.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::imap {

/// Writes numbers as a sequence-set, in the order in which they come: neighbours that rise by one
/// become a range, so the order of a SORT is kept (RFC 5267 3.1). Call end() after the last.
class set_writer {
public:
    explicit set_writer(std::string& out) : out_(out) {}
    void add(std::uint32_t number);
    void end();

private:
    std::string& out_;
    std::uint32_t first_ = 0;  // of the range that is gathered; 0: none yet
    std::uint32_t last_ = 0;
    bool is_first_ = true;
};

/// The head of an ESEARCH line: `* ESEARCH (TAG "a1") UID`. The tag is always quoted, as Outlook
/// takes no other (RFC 4466 2.6.2 asks for it too).
/// scope  more of the correlator, with a space before it (RFC 7377 2.1), or ""
void write_esearch_head(std::string& out,
                        std::string_view tag,
                        bool by_uid,
                        std::string_view scope = {});

/// MIN, MAX and COUNT of a result, each with a space before it. numbers: in the answer's order.
/// RFC 4731 3.1: MIN and MAX are left out when nothing was found.
void write_esearch_counts(std::string& out,
                          const search_options& options,
                          std::span<const std::uint32_t> numbers);

/// " PARTIAL (1:500 " up to the set, which the caller adds; RFC 9394 3.1
void write_partial_head(std::string& out, const page_range& page);

/// Which of a result `$` stands for, as positions in it: all, or those that were told of.
/// RFC 5182 2.4, RFC 9394 3.2
[[nodiscard]] std::vector<page_range::positions> saved_positions(const search_options& options,
                                                                 std::size_t count);

}  // namespace hauspost::imap
