#include "protocols/client_setup/mobileconfig.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"
#include "protocols/client_setup/xml_writer.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>
#include <string_view>

namespace hauspost::client_setup {
namespace {

// Random, and never to change: it is in what people have installed.
constexpr std::array<unsigned char, 16> uuid_namespace{
    0x6d, 0x1f, 0xa8, 0x0e, 0x52, 0xc7, 0x4b, 0x3d, 0x9a, 0x64, 0xe1, 0x07, 0xb8, 0x3c, 0x95, 0x2f};

std::string spelled(const unsigned char* octets) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += digits[octets[i] >> 4];
        text += digits[octets[i] & 15];
    }
    return text;
}

/// Writes the keys of a property list.
class plist {
public:
    plist()
        : out_(
              "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
              "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">") {
        out_.open("plist", "version=\"1.0\"");
        out_.open("dict");
    }
    void text(std::string_view key, std::string_view value) {
        out_.leaf("key", key);
        out_.leaf("string", value);
    }
    void number(std::string_view key, unsigned long value) {
        out_.leaf("key", key);
        out_.leaf("integer", value);
    }
    void flag(std::string_view key, bool value) {
        out_.leaf("key", key);
        out_.empty(value ? "true" : "false");
    }
    /// A list of one dictionary.
    void open_only(std::string_view key) {
        out_.leaf("key", key);
        out_.open("array");
        out_.open("dict");
    }
    void close_only() {
        out_.close();
        out_.close();
    }
    std::string take() {
        out_.close();
        out_.close();
        return out_.take();
    }

private:
    xml_writer out_;
};

/// "Incoming", "Outgoing"
void add_server(plist& to, const std::string& side, const served& of, const offer& by) {
    to.text(side + "MailServerAuthentication", "EmailAuthPassword");
    to.text(side + "MailServerHostName", of.hostname);
    to.number(side + "MailServerPortNumber", by.port);
    // TLS is a must; how it begins, the device finds out.
    to.flag(side + "MailServerUseSSL", true);
    to.text(side + "MailServerUsername", of.address);
}

void add_payload(plist& to, const std::string& type, const std::string& name, const served& of) {
    const auto uuid = name_uuid(type + '\n' + of.address + '\n' + of.hostname);
    to.text("PayloadType", type);
    to.number("PayloadVersion", 1);
    to.text("PayloadIdentifier", "hauspost." + uuid);
    to.text("PayloadUUID", ascii::uppered(uuid));
    to.text("PayloadDisplayName", name);
}

}  // namespace

std::string name_uuid(const std::string& of) {
    std::string named(uuid_namespace.begin(), uuid_namespace.end());
    named += of;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(named.data(), named.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1)
        throw std::runtime_error("SHA-1 failed");
    digest[6] = static_cast<unsigned char>((digest[6] & 0x0f) | 0x50);  // version 5
    digest[8] = static_cast<unsigned char>((digest[8] & 0x3f) | 0x80);  // the variant of the RFC
    return spelled(digest.data());
}

std::string write_mobileconfig(const served& of) {
    const auto shown = address::shown(of.address);
    const auto imap = imap_offers(of);
    const auto incoming = imap.empty() ? pop3_offers(of) : imap;
    const auto outgoing = submission_offers(of);
    if (incoming.empty() || outgoing.empty())
        throw std::logic_error("a profile needs a way to read and a way to send");
    plist out;
    out.open_only("PayloadContent");
    add_payload(out, "com.apple.mail.managed", shown, of);
    out.text("EmailAccountDescription", shown);
    if (!of.display_name.empty()) out.text("EmailAccountName", of.display_name);
    out.text("EmailAccountType", imap.empty() ? "EmailTypePOP" : "EmailTypeIMAP");
    out.text("EmailAddress", of.address);
    add_server(out, "Incoming", of, incoming.front());
    add_server(out, "Outgoing", of, outgoing.front());
    out.flag("OutgoingPasswordSameAsIncomingPassword", true);
    out.close_only();
    add_payload(out, "Configuration", shown, of);
    out.text("PayloadOrganization", address::shown(of.domain));
    out.flag("PayloadRemovalDisallowed", false);
    return out.take();
}

}  // namespace hauspost::client_setup
