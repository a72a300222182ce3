// Sequence sets, mailbox names and LIST patterns: no crash, there and back gives the same, and a
// set resolved through a view names only messages of the view.
#include "base/utf8.hpp"
#include "protocols/imap/grammar/limits.hpp"
#include "protocols/imap/grammar/mailbox_name.hpp"
#include "protocols/imap/grammar/sequence_set.hpp"
#include "protocols/imap/response/response_writer.hpp"
#include "protocols/imap/view/mailbox_view.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace hauspost;
using namespace hauspost::imap;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

mailbox_view sample_view() {
    const mail::uid_block blocks[] = {
        {0, 0x8000'0000'0000'0002}, {1, 1}, {7, ~0ull}, {67'108'863, 5}};
    mailbox_view view;
    view.reset(blocks);
    return view;
}

void check_set(std::string_view text) {
    const auto set = parse_sequence_set(text);
    if (!set) return;
    for (const std::uint32_t largest : {0u, 1u, 70u, UINT32_MAX}) {
        std::uint64_t next = 1;
        for (const auto& range : set->resolve(largest)) {
            require(range.first >= next && range.first <= range.last);
            next = std::uint64_t{range.last} + 2;
        }
    }
    const auto view = sample_view();
    const auto check_ranges = [&view](const mail::uid_ranges& ranges) {
        for (std::size_t i = 0; i < ranges.size(); ++i) {
            require(view.contains(ranges[i].first) && view.contains(ranges[i].last));
            require(ranges[i].first <= ranges[i].last);
            require(i == 0 || ranges[i - 1].last < ranges[i].first);
        }
        require(view.count(ranges) <= view.size());
    };
    check_ranges(view.by_uid(*set));
    if (const auto ranges = view.by_sequence(*set)) check_ranges(*ranges);
}

void check_name(std::string_view text) {
    if (const auto name = decode_mutf7(text)) {
        require(utf8::is_valid(*name));
        require(encode_mutf7(*name) == text);
    }
    const auto wire = encode_mutf7(text);
    const auto back = decode_mutf7(wire);
    require(back && *back == (utf8::is_valid(text) ? std::string(text) : utf8::repaired(text)));

    std::string out;
    response_writer writer(out);
    writer.mailbox(text);
    // mUTF-7 has no controls, so only a long name is a literal.
    require(!std::any_of(wire.begin(), wire.end(), [](char c) { return c < ' ' || c == 0x7f; }));
    require(out.starts_with('{') || out.find('\n') == std::string::npos);
    if (check_mailbox_name(text) == name_fault::none)
        require(text.size() <= max_mailbox_octets && list_matches("*", text) &&
                list_matches(text, text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_set(text);
    check_name(text);
    if (const auto split = text.find('\n'); split != std::string_view::npos)
        static_cast<void>(list_matches(text.substr(0, split), text.substr(split + 1)));
    return 0;
}
