// Signs a message, for other people's verifiers.
//
//   sign_message key rsa|ed25519                         a new private key, PEM
//   sign_message record FILE                             the text of the TXT record of a key
//   sign_message sign DOMAIN [SELECTOR=FILE]... < MSG    the message with its signatures in front
//
// The message is fed in pieces of seven octets. Exit code 1 with the number of the fault: it cannot
// be signed.

#include "protocols/dkim/sign.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <deque>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace hauspost;

std::string octets_of(std::FILE* from) {
    std::string all;
    char piece[4096];
    for (std::size_t got = 0; (got = std::fread(piece, 1, sizeof(piece), from)) > 0;)
        all.append(piece, got);
    return all;
}

dkim::private_key key_in(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string pem(std::istreambuf_iterator<char>(in), {});
    auto key = dkim::private_key::from_pem(pem);
    if (!key) throw std::runtime_error("not a key: " + file);
    return std::move(*key);
}

void put(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

int sign_message(int argc, char** argv) {
    const auto message = octets_of(stdin);
    dkim::message_digest digest;
    for (std::string_view rest = message; !rest.empty();) {
        digest.feed(rest.substr(0, 7));
        rest.remove_prefix(std::min<std::size_t>(7, rest.size()));
    }
    digest.finish();
    std::deque<dkim::private_key> keys;
    std::vector<dkim::signer> signers;
    for (int i = 3; i < argc; ++i) {
        const std::string given = argv[i];
        keys.push_back(key_in(given.substr(given.find('=') + 1)));
        dkim::signer who;
        who.domain = argv[2];
        who.selector = given.substr(0, given.find('='));
        who.key = &keys.back();
        signers.push_back(std::move(who));
    }
    dkim::signing_terms terms;
    terms.signed_at = std::time(nullptr);
    terms.valid_for = 3600;
    const auto fields = dkim::sign(digest, signers, terms);
    if (!fields) {
        std::fprintf(stderr, "%d\n", static_cast<int>(fields.error()));
        return 1;
    }
    put(*fields);
    put(message);
    return 0;
}

int run(int argc, char** argv) {
    const std::string what = argc > 2 ? argv[1] : "";
    if (what == "key") {
        const bool is_rsa = std::strcmp(argv[2], "rsa") == 0;
        const auto key =
            dkim::private_key::generate(is_rsa ? dkim::key_type::rsa : dkim::key_type::ed25519);
        put(key.to_pem().reveal());
    } else if (what == "record") {
        put(key_in(argv[2]).record_text());
    } else if (what == "sign") {
        return sign_message(argc, argv);
    } else {
        return 2;
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "%s\n", fault.what());
        return 2;
    }
}
