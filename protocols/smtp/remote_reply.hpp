#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::smtp {

/// What another server has answered, as a value that may be logged, kept, and quoted in a report:
/// its texts are printable US-ASCII, whatever the server sent.
/// RFC  5321 4.2, 2034, 3463
struct remote_reply {
    std::uint16_t code = 0;  // 200 to 599; 0: there was no reply
    std::string enhanced;    // "5.1.1", of the same class as the code; "" when there is none
    std::vector<std::string> lines;  // the text of each line, without its codes; at least one

    [[nodiscard]] bool is_positive() const noexcept { return code / 100 == 2; }
    [[nodiscard]] bool is_intermediate() const noexcept { return code / 100 == 3; }
    [[nodiscard]] bool is_temporary() const noexcept { return code / 100 == 4; }
    [[nodiscard]] bool is_permanent() const noexcept { return code / 100 == 5; }

    /// The lines with a blank between each two.
    [[nodiscard]] std::string text() const;
    /// The same with its last lines, or the end of one, left out: so many octets of text at most.
    [[nodiscard]] remote_reply shortened(std::size_t octets) const;
    /// Codes and text in one line: "550 5.1.1 no such user". "" when there was no reply.
    [[nodiscard]] std::string to_line() const;
};

}  // namespace hauspost::smtp
