// Outlook's requests: no crash; what is taken is within its bounds and is read again from what we
// would write with it, and whatever an address holds the answer stays well-formed.

#include "protocols/client_setup/autodiscover_request.hpp"

#include "protocols/client_setup/autodiscover.hpp"
#include "protocols/client_setup/xml_writer.hpp"

#include <expat.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace hauspost::client_setup;

void must(bool holds) {
    if (!holds) std::abort();
}

bool is_well_formed(const std::string& document) {
    const auto parser = XML_ParserCreate(nullptr);
    const auto done =
        XML_Parse(parser, document.data(), static_cast<int>(document.size()), XML_TRUE);
    XML_ParserFree(parser);
    return done == XML_STATUS_OK;
}

void check_answer(const std::string& address) {
    served made;
    made.hostname = "mail.a.example";
    made.imaps = 993;
    made.submission = 587;
    made.address = address;
    made.display_name = address;
    must(is_well_formed(write_autodiscover(made)));
    (void)write_autodiscover_json(address, address, "https://mail.a.example/");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    check_answer(text);
    const auto read = parse_autodiscover_request(text);
    if (!read) return 0;
    must(!read->address.empty() && read->address.size() <= 1280);
    const auto again = parse_autodiscover_request("<Autodiscover><Request><EMailAddress>" +
                                                  xml_escaped(read->address) +
                                                  "</EMailAddress></Request></Autodiscover>");
    must(again && again->address == read->address);
    return 0;
}
