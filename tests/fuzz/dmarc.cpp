// What domains say in the DNS, to the reader of DMARC records and to the walk over them.
//
// First line: a domain. Each line behind it: what one of the names says that are asked; "!" fails.

#include "protocols/dmarc/tree_walk.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace hauspost::dmarc;

void must(bool holds) {
    if (!holds) std::abort();
}

std::string_view take_line(std::string_view& rest) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    const auto domain = take_line(rest);
    const auto names = domains_to_ask(domain);
    must(names.size() <= max_questions);
    std::vector<txt_answer> answers;
    while (!rest.empty()) {
        txt_answer one;
        const auto line = take_line(rest);
        one.has_failed = line == "!";
        if (!one.has_failed) one.texts.emplace_back(line);
        answers.push_back(std::move(one));
    }
    const auto found = find_policy(domain, answers);
    // The organisation is the domain or stands above it.
    if (!names.empty() && !found.organization.empty())
        must(names.front() == found.organization ||
             names.front().ends_with('.' + found.organization));
    must((found.is == findings::outcome::found) == !found.policy_domain.empty());
    return 0;
}
