#include "protocols/client_setup/autoconfig.hpp"

#include "base/address.hpp"
#include "protocols/client_setup/xml_writer.hpp"

namespace hauspost::client_setup {
namespace {

void add_server(xml_writer& out,
                std::string_view element,
                std::string_view type,
                const served& of,
                const offer& by) {
    out.open(element, "type=\"" + std::string(type) + '"');
    out.leaf("hostname", of.hostname);
    out.leaf("port", by.port);
    out.leaf("socketType", by.is_tls ? "SSL" : "STARTTLS");
    // In clear within TLS: the server keeps a hash, and can compare nothing else.
    out.leaf("authentication", "password-cleartext");
    out.leaf("username", "%EMAILADDRESS%");
    out.close();
}

}  // namespace

std::string write_autoconfig(const served& of) {
    const auto name = address::shown(of.domain);
    xml_writer out;
    out.open("clientConfig", "version=\"1.1\"");
    out.open("emailProvider", "id=\"" + xml_escaped(of.domain) + '"');
    out.leaf("domain", of.domain);
    out.leaf("displayName", name);
    out.leaf("displayShortName", name);
    for (const auto& by : imap_offers(of))
        add_server(out, "incomingServer", "imap", of, by);
    for (const auto& by : pop3_offers(of))
        add_server(out, "incomingServer", "pop3", of, by);
    for (const auto& by : submission_offers(of))
        add_server(out, "outgoingServer", "smtp", of, by);
    out.close();
    out.close();
    return out.take();
}

}  // namespace hauspost::client_setup
