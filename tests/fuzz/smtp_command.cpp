// SMTP command lines: any octets are a command or a fault; addresses that were read are written so
// that they are read back.

#include "base/address.hpp"
#include "base/utf8.hpp"
#include "protocols/smtp/command_parser.hpp"
#include "protocols/smtp/path.hpp"
#include "server/delivery/trace_headers.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace hauspost::smtp;

void check(const mailbox_address& address) {
    if (address.is_null() || address.domain.empty()) return;
    const auto again = parse_mailbox(to_text(address));
    if (!again || again->local_part != address.local_part || again->domain != address.domain)
        std::abort();
    const auto made = hauspost::address::to_a_labels(address.domain);
    if (made && hauspost::address::to_a_labels(*made) != *made) std::abort();
    const auto name = hauspost::address::canonical(address.local_part + '@' + address.domain);
    if (!name || hauspost::address::canonical(hauspost::address::shown(*name)) != *name)
        std::abort();
    const auto prefix = hauspost::delivery::copy_prefix(address, *name, "c@d", false);
    if (!hauspost::utf8::is_ascii(prefix)) std::abort();
    std::size_t lines = 0;
    for (const char c : prefix)
        lines += c == '\n' ? 1u : 0u;
    if (lines != 3) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    const std::string_view line(reinterpret_cast<const char*>(octets), size);
    const auto parsed = parse_command(line);
    if (const auto* mail = std::get_if<cmd::mail>(&parsed)) check(mail->reverse_path);
    if (const auto* rcpt = std::get_if<cmd::rcpt>(&parsed)) check(rcpt->forward_path);
    return 0;
}
