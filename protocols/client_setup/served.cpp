#include "protocols/client_setup/served.hpp"

namespace hauspost::client_setup {
namespace {

std::vector<offer> offers_of(std::uint16_t tls_port, std::uint16_t plain_port) {
    std::vector<offer> made;
    if (tls_port != 0) made.push_back({tls_port, true});
    if (plain_port != 0) made.push_back({plain_port, false});
    return made;
}

}  // namespace

std::vector<offer> imap_offers(const served& of) {
    return offers_of(of.imaps, of.imap);
}

std::vector<offer> pop3_offers(const served& of) {
    return offers_of(of.pop3s, of.pop3);
}

std::vector<offer> submission_offers(const served& of) {
    return offers_of(of.submissions, of.submission);
}

bool is_complete(const served& of) {
    return (!imap_offers(of).empty() || !pop3_offers(of).empty()) && !submission_offers(of).empty();
}

}  // namespace hauspost::client_setup
