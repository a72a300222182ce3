// Checks the chain of ARC of a message, and puts one more set in front of it.
//
//   seal_message check [NAME=TEXT]... < MSG            its verdict's number (arc::validation)
//   seal_message seal DOMAIN SELECTOR=FILE < MSG       the message with its new set
//
// NAME: of a TXT record, TEXT: what it says. The message is fed in pieces of seven octets.

#include "protocols/arc/seal.hpp"
#include "protocols/arc/verify.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace {

using namespace hauspost;

struct sealed_input {
    std::string octets;
    arc::verifier chain;
    dkim::message_digest digest;
};

void read_input(sealed_input& into) {
    char piece[7];
    for (std::size_t got = 0; (got = std::fread(piece, 1, sizeof(piece), stdin)) > 0;) {
        const std::string_view octets(piece, got);
        into.octets += octets;
        into.chain.feed(octets);
        into.digest.feed(octets);
    }
    into.chain.finish();
    into.digest.finish();
}

int check(const sealed_input& of, int argc, char** argv) {
    arc::key_answers keys;
    for (const auto& name : of.chain.key_questions())
        keys[name].is = dkim::key_answer::kind::none;
    for (int i = 2; i < argc; ++i) {
        const std::string given = argv[i];
        auto& answer = keys[given.substr(0, given.find('='))];
        answer.is = dkim::key_answer::kind::found;
        answer.texts = {given.substr(given.find('=') + 1)};
    }
    std::printf("%d\n", static_cast<int>(of.chain.check(keys)));
    return 0;
}

int seal(const sealed_input& of, const std::string& domain, const std::string& key) {
    std::ifstream in(key.substr(key.find('=') + 1), std::ios::binary);
    const std::string pem(std::istreambuf_iterator<char>(in), {});
    const auto read = dkim::private_key::from_pem(pem);
    if (!read) throw std::runtime_error("not a key");
    arc::sealing_terms terms;
    terms.who.domain = domain;
    terms.who.selector = key.substr(0, key.find('='));
    terms.who.key = &*read;
    terms.results = "mail." + domain + "; dkim=none; arc=none";
    terms.signed_at = std::time(nullptr);
    const auto set = arc::seal_message(of.digest, of.chain.sets(), terms);
    if (!set) throw std::runtime_error("it cannot be sealed");
    std::fwrite(set->data(), 1, set->size(), stdout);
    std::fwrite(of.octets.data(), 1, of.octets.size(), stdout);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::string what = argc > 1 ? argv[1] : "";
        sealed_input input;
        read_input(input);
        if (what == "check") return check(input, argc, argv);
        if (what == "seal" && argc == 4) return seal(input, argv[2], argv[3]);
        return 2;
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "%s\n", fault.what());
        return 2;
    }
}
