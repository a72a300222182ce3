// A message with the sets of others, cut anywhere: read, checked with keys of others, and sealed again
// where that may be.
#include "protocols/arc/seal.hpp"
#include "protocols/arc/verify.hpp"
#include "protocols/dkim/key.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace hauspost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto key = dkim::private_key::generate(dkim::key_type::ed25519);
    if (size == 0) return 0;
    const std::size_t piece = data[0] + std::size_t{1};
    std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    arc::verifier verifier;
    dkim::message_digest digest;
    for (; !rest.empty(); rest.remove_prefix(std::min(piece, rest.size()))) {
        verifier.feed(rest.substr(0, piece));
        digest.feed(rest.substr(0, piece));
    }
    verifier.finish();
    digest.finish();
    arc::key_answers keys;
    const auto questions = verifier.key_questions();
    if (questions.size() > arc::max_followed + 1) std::abort();
    for (const auto& name : questions) {
        dkim::key_answer answer;
        answer.is = dkim::key_answer::kind::found;
        answer.texts = {key.record_text()};
        keys.emplace(name, answer);
    }
    const auto found = verifier.check(keys);
    if (found == arc::validation::pass) std::abort();  // nobody has signed with this key
    if (found != arc::validation::none) return 0;
    arc::sealing_terms terms;
    terms.who = {"f.example", "s", &key};
    terms.results = "mx.f.example; none";
    (void)arc::seal_message(digest, {}, terms);
    return 0;
}
