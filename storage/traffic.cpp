#include "storage/traffic.hpp"

#include <array>

namespace hauspost::storage {
namespace {

constexpr std::array fields{&traffic::received,       &traffic::submitted, &traffic::refused,
                            &traffic::delivered,      &traffic::failed,    &traffic::sign_ins,
                            &traffic::wrong_passwords};

}  // namespace

void traffic::count(const trace_event& event) noexcept {
    switch (event.step) {
    case trace_step::received:
        if (event.door == trace_door::smtp) ++received;
        if (event.door == trace_door::submission) ++submitted;
        return;
    case trace_step::refused: ++refused; return;
    case trace_step::more_refused: refused += event.number; return;
    case trace_step::delivered: ++delivered; return;
    case trace_step::failed: ++failed; return;
    default: return;
    }
}

traffic& traffic::operator+=(const traffic& other) noexcept {
    for (const auto field : fields)
        this->*field += other.*field;
    return *this;
}

traffic& traffic::operator-=(const traffic& other) noexcept {
    for (const auto field : fields)
        this->*field -= other.*field;
    return *this;
}

}  // namespace hauspost::storage
