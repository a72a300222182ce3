// IMAP URLs of CATENATE: no crash; what is read names a message and nothing that ends a line; and
// what goes back in a response code stays within it.
#include "protocols/imap/grammar/imap_url.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace hauspost::imap;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto url = parse_imap_url(text);
    if (url) {
        if (url->uid == 0 || url->uid_validity == 0u) std::abort();
        if (url->mailbox.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
            std::abort();
        if (url->partial && url->partial->count == 0) std::abort();
    }
    for (const char c : url_for_response(text))
        if (c <= ' ' || c > '~' || c == ']' || c == '"' || c == '\\') std::abort();
    return 0;
}
