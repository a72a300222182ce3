#include "protocols/dkim/simple_body.hpp"

#include "protocols/dkim/line_ends.hpp"

#include <utility>

namespace hauspost::dkim {

void simple_body::feed(std::string_view octets, consumer out) {
    while (!octets.empty()) {
        if (std::exchange(after_cr_, false)) {
            if (octets.front() == '\n') {
                ++waiting_lines_;
                octets.remove_prefix(1);
            } else {
                pass_waiting(out);
                out("\r");
            }
            continue;
        }
        const auto plain = octets.substr(0, octets.find('\r'));
        octets.remove_prefix(plain.size());
        if (!plain.empty()) {
            pass_waiting(out);
            out(plain);
        }
        if (octets.empty()) return;
        after_cr_ = true;
        octets.remove_prefix(1);
    }
}

void simple_body::pass_waiting(consumer out) {
    pass_line_ends(std::exchange(waiting_lines_, 0), out);
}

void simple_body::finish(consumer out) {
    if (std::exchange(after_cr_, false)) {
        pass_waiting(out);
        out("\r");
    }
    out("\r\n");
}

}  // namespace hauspost::dkim
