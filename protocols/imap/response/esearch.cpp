#include "protocols/imap/response/esearch.hpp"

#include "protocols/imap/response/response_writer.hpp"

#include <algorithm>

namespace hauspost::imap {

void set_writer::add(std::uint32_t number) {
    if (first_ != 0 && number == last_ + 1) {
        last_ = number;
        return;
    }
    end();
    first_ = last_ = number;
}

void set_writer::end() {
    if (first_ == 0) return;
    response_writer writer(out_);
    if (!is_first_) writer.raw(',');
    is_first_ = false;
    writer.number(first_);
    if (last_ != first_) writer.raw(':').number(last_);
    first_ = 0;
}

void write_esearch_head(std::string& out,
                        std::string_view tag,
                        bool by_uid,
                        std::string_view scope) {
    // A tag is made of ASTRING-CHARs: there is no quote or backslash in it.
    response_writer writer(out);
    writer.raw("* ESEARCH (TAG \"").raw(tag).raw('"').raw(scope).raw(')');
    if (by_uid) writer.raw(" UID");
}

void write_esearch_counts(std::string& out,
                          const search_options& options,
                          std::span<const std::uint32_t> numbers) {
    response_writer writer(out);
    if (options.min && !numbers.empty()) writer.raw(" MIN ").number(numbers.front());
    if (options.max && !numbers.empty()) writer.raw(" MAX ").number(numbers.back());
    if (options.count) writer.raw(" COUNT ").number(numbers.size());
}

void write_partial_head(std::string& out, const page_range& page) {
    const std::string_view sign = page.from_end ? "-" : "";
    response_writer writer(out);
    writer.raw(" PARTIAL (").raw(sign).number(page.first).raw(':');
    writer.raw(sign).number(page.last).raw(' ');
}

std::vector<page_range::positions> saved_positions(const search_options& options,
                                                   std::size_t count) {
    const bool is_part = options.min || options.max || options.partial;
    if (options.all || options.count || !is_part || count == 0) return {{0, count}};
    std::vector<page_range::positions> saved;
    if (options.min) saved.push_back({0, 1});
    if (options.partial) saved.push_back(options.partial->within(count));
    if (options.max) saved.push_back({count - 1, count});
    return saved;
}

}  // namespace hauspost::imap
