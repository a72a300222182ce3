#include "protocols/smtp/server/refusal_watch.hpp"

#include "protocols/smtp/path.hpp"

#include <utility>

namespace hauspost::smtp {

void tell_refusal(refusal_watch* watch,
                  const reply& why,
                  const envelope& mail,
                  const refused_peer& who) {
    constexpr std::size_t most = 20;  // the rest has the same fate
    if (watch == nullptr) return;
    refused_mail refused;
    refused.from = to_text(mail.reverse_path);
    refused.words = std::to_string(why.code) + ' ';
    if (!why.enhanced.empty()) refused.words.append(why.enhanced).push_back(' ');
    refused.words += why.text;
    refused.helo = who.helo;
    refused.peer_address = who.address;
    refused.submitter = who.user;
    const auto& to = mail.recipients;
    if (to.empty()) return watch->note(std::move(refused));
    for (std::size_t n = 0; n < to.size() && n < most; ++n) {
        auto copy = refused;
        copy.to = to_text(to[n].address);
        watch->note(std::move(copy));
    }
}

}  // namespace hauspost::smtp
