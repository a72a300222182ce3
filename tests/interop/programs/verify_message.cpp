// Verifies the signatures of a message, as others made them.
//
//   verify_message [NAME=TEXT]... < MSG    NAME: of a TXT record, TEXT: what it says
//
// The message is fed in pieces of seven octets. A line for each signature: the verdict's number
// (dkim::verdict), and why.

#include "protocols/dkim/verify.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <map>
#include <string>
#include <string_view>

using namespace hauspost;

int main(int argc, char** argv) {
    std::map<std::string, std::string> records;
    for (int i = 1; i < argc; ++i) {
        const std::string given = argv[i];
        records[given.substr(0, given.find('='))] = given.substr(given.find('=') + 1);
    }
    dkim::verifier verifier(std::time(nullptr));
    char piece[7];
    for (std::size_t got = 0; (got = std::fread(piece, 1, sizeof(piece), stdin)) > 0;)
        verifier.feed(std::string_view(piece, got));
    verifier.finish();
    for (std::size_t n = 0; n < verifier.signatures().size(); ++n) {
        dkim::key_answer answer;
        answer.is = dkim::key_answer::kind::none;
        const auto found = records.find(verifier.signatures()[n].key_question());
        if (found != records.end()) {
            answer.is = dkim::key_answer::kind::found;
            answer.texts.push_back(found->second);
        }
        const auto verdict = verifier.check(n, answer);
        std::printf("%d %.*s\n", static_cast<int>(verdict.is), static_cast<int>(verdict.why.size()),
                    verdict.why.data());
    }
    return 0;
}
