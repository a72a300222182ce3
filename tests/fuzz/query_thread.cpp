// Hostile References through THREAD: no crash, each message once, parentheses that match.
#include "protocols/message/summary.hpp"
#include "protocols/query/thread.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

using namespace hauspost;

namespace {

/// One message from a few octets: its id, subject, date and references are small numbers, so that
/// they meet often.
message::summary message_of(std::string_view& octets) {
    const auto next = [&octets] {
        if (octets.empty()) return 0u;
        const auto octet = static_cast<unsigned char>(octets.front());
        octets.remove_prefix(1);
        return static_cast<unsigned>(octet);
    };
    message::summary one;
    const auto head = next();
    if (head % 8 != 0) one.message_id = "<" + std::to_string(next() % 64) + ">";
    if (head / 8 % 4 != 0) one.base_subject = std::string(1, static_cast<char>('A' + head / 32));
    one.sent_at = next();
    for (auto count = next() % 6; count > 0; --count)
        one.references.push_back("<" + std::to_string(next() % 64) + ">");
    return one;
}

void check(std::string_view threads, std::uint32_t messages) {
    std::vector<bool> seen(messages + 1);
    std::uint32_t number = 0, count = 0;
    int depth = 0;
    for (const char c : threads) {
        if (c >= '0' && c <= '9') {
            number = number * 10 + static_cast<std::uint32_t>(c - '0');
            continue;
        }
        if (number > messages || (number != 0 && seen[number])) std::abort();
        if (number != 0) ++count;
        seen[number] = number != 0;
        number = 0;
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (depth < 0) std::abort();
    }
    if (depth != 0 || count != messages) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view octets(reinterpret_cast<const char*>(data), size);
    query::threader by_references(query::thread_algorithm::references);
    query::threader by_subject(query::thread_algorithm::ordered_subject);
    std::uint32_t messages = 0;
    while (!octets.empty()) {
        const bool is_reply = static_cast<unsigned char>(octets.front()) % 3 == 0;
        const auto summary = message::encode(message_of(octets));
        ++messages;
        by_references.add(messages, 0, summary, is_reply);
        by_subject.add(messages, 0, summary, is_reply);
    }
    check(by_references.threads(), messages);
    check(by_subject.threads(), messages);
    return 0;
}
